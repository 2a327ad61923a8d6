import { join } from "node:path";
import { buildApp } from "../../app";
import type { Artifact } from "../../packaging/package-functions";
import { withoutStackTraces } from "../../without-stack-traces";
import { manyStamps } from "../many-stamps";
import { report } from "./report";

/** Made by the case "bundle" before. */
const artifact = (name: string): Artifact => ({
  path: join(process.env.BENCH_FOLDER ?? "", "packages", name),
  hash: `hash-of-${name}`,
  size: 0,
});

report(() => {
  const artifacts = {
    producer: artifact("producer.zip"),
    consumer: artifact("consumer.zip"),
    publisher: artifact("publish.js"),
  };
  withoutStackTraces(() => {
    buildApp(manyStamps(Number(process.argv[2])), { artifacts }).synth();
  });
});
