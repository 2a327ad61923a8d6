import { join } from "node:path";
import { buildApp } from "../../app";
import type { Artifact } from "../../packaging/package-functions";
import { topology } from "../../topology";
import { validate } from "../../topology/validate";
import { withoutStackTraces } from "../../without-stack-traces";
import { report } from "./report";

/** Made by the case "bundle" before. */
const artifact = (name: string): Artifact => ({
  path: join(process.env.BENCH_FOLDER ?? "", "packages", name),
  hash: `hash-of-${name}`,
  size: 0,
});

/** The shipped stamp, so many times, each with names and addresses of its own. */
function stamps(count: number): typeof topology {
  const [shipped] = topology.stamps;
  if (!shipped) throw new Error("The shipped topology has no stamp.");
  return {
    stamps: Array.from({ length: count }, (_, index) => {
      const text = JSON.stringify({ ...shipped, name: `s${index}` })
        .replaceAll("lockdown", `s${index}l`)
        .replace(/(network|messaging|workload)-(\w+)-rg/g, `$1-$2-${index}-rg`)
        .replace(/"10\.(\d)\./g, (_match, network: string) => `"10.${index * 4 + Number(network)}.`);
      return JSON.parse(text) as typeof shipped;
    }),
  };
}

report(() => {
  const artifacts = {
    producer: artifact("producer.zip"),
    consumer: artifact("consumer.zip"),
    publisher: artifact("publish.js"),
  };
  withoutStackTraces(() => {
    buildApp(validate(stamps(Number(process.argv[2]))), { artifacts }).synth();
  });
});
