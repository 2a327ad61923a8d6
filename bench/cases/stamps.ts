import { join } from "node:path";
import { buildApp } from "../../app";
import type { Artifact } from "../../packaging/package-functions";
import { readFileSync } from "node:fs";
import type { TopologyInput } from "../../topology/schema";
import { validate } from "../../topology/validate";
import { withoutStackTraces } from "../../without-stack-traces";
import { REFERENCE } from "../reference";
import { report } from "./report";

/** Made by the case "bundle" before. */
const artifact = (name: string): Artifact => ({
  path: join(process.env.BENCH_FOLDER ?? "", "packages", name),
  hash: `hash-of-${name}`,
  size: 0,
});

/** The reference topology's stamp, so many times, each with names and addresses of its own. */
function stamps(count: number): TopologyInput {
  const [stamp] = (JSON.parse(readFileSync(REFERENCE, "utf8")) as TopologyInput).stamps;
  if (!stamp) throw new Error("The reference topology has no stamp.");
  return {
    stamps: Array.from({ length: count }, (_, index) => {
      const text = JSON.stringify({ ...stamp, name: `s${index}` })
        .replaceAll("lockdown", `s${index}l`)
        .replace(/(network|messaging|workload)-(\w+)-rg/g, `$1-$2-${index}-rg`)
        .replace(/"10\.(\d)\./g, (_match, network: string) => `"10.${index * 4 + Number(network)}.`);
      return JSON.parse(text) as typeof stamp;
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
