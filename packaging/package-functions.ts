import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { buildSync } from "esbuild";
import { zipSync } from "fflate";
import { noticesFor } from "./notices";

/** A file that a stack carries: built before synthesis, copied into the stack's assets. */
export interface Artifact {
  readonly path: string;
  /** SHA-256 of names and bytes, in hex. */
  readonly hash: string;
  /** In bytes. */
  readonly size: number;
}

/** Everything that the code stacks publish, and what they publish it with. */
export interface Artifacts {
  readonly producer: Artifact;
  readonly consumer: Artifact;
  /** The program that puts a package on a site; see `packaging/publish`. */
  readonly publisher: Artifact;
}

const ROOT = resolve(__dirname, "..");
/** ZIP's own epoch, in local time, as ZIP means it: the same bytes in every time zone. */
const EPOCH = new Date(1980, 0, 1);

/**
 * Bundles the two function apps and the publisher.
 *
 * @param outdir where the files go; made where it does not exist
 */
export function packageFunctions(outdir = join(ROOT, ".build")): Artifacts {
  mkdirSync(outdir, { recursive: true });
  const telemetry = bundle("functions/shared/application-insights.ts");
  return {
    producer: functionPackage("producer", telemetry, outdir),
    consumer: functionPackage("consumer", telemetry, outdir),
    publisher: artifact(join(outdir, "publish.js"), withNotices(bundle("packaging/publish/index.ts"))),
  };
}

/** An app with another entry point than the shipped one, and everything else as it is: other code, to try something with. */
export function packageWith(app: "producer" | "consumer", entry: string, outdir: string): Artifact {
  mkdirSync(outdir, { recursive: true });
  return functionPackage(app, bundle("functions/shared/application-insights.ts"), outdir, entry);
}

/** A function app as App Service runs it from a package: the host's settings, the entry point, and telemetry beside it. */
function functionPackage(
  app: "producer" | "consumer",
  telemetry: Bundle,
  outdir: string,
  entry = `functions/${app}/index.ts`,
): Artifact {
  const manifest = { name: app, private: true, main: "index.js" };
  const main = bundle(entry);
  const files = {
    "host.json": readFileSync(join(ROOT, "functions/host.json")),
    "index.js": main.content,
    "package.json": Buffer.from(`${JSON.stringify(manifest, undefined, 2)}\n`),
    "telemetry.js": telemetry.content,
    "NOTICES.txt": Buffer.from(`${noticesFor(ROOT, [...main.inputs, ...telemetry.inputs])}\n`),
  };
  return artifact(join(outdir, `${app}.zip`), zipSync(files, { level: 9, mtime: EPOCH }));
}

interface Bundle {
  readonly content: Uint8Array;
  /** Every file that is in it, from the root. */
  readonly inputs: readonly string[];
}

/** A program of one file has its notices behind it. */
function withNotices({ content, inputs }: Bundle): Uint8Array {
  const notices = noticesFor(ROOT, inputs).replaceAll("*/", "* /");
  return Buffer.concat([content, Buffer.from(`\n/*\n${notices}\n*/\n`)]);
}

function bundle(entry: string): Bundle {
  const { outputFiles, metafile } = buildSync({
    entryPoints: [join(ROOT, entry)],
    absWorkingDir: ROOT,
    bundle: true,
    write: false,
    metafile: true,
    platform: "node",
    target: "node20",
    format: "cjs",
    // Names stay, so that stack traces and the names of errors are readable. esbuild's keepNames would do that for shortened ones too, but it
    // defines a property for every closure that is made: two thirds of what an invocation costs (npm run bench:flow).
    minifyWhitespace: true,
    minifySyntax: true,
    legalComments: "none",
    // Its main file loads its parts by a function of its own, which no bundler follows.
    alias: { "jsonc-parser": "jsonc-parser/lib/esm/main.js" },
    // Azure's Node worker supplies it; it is on no registry.
    external: ["@azure/functions-core"],
    logLevel: "warning",
  });
  const [output] = outputFiles;
  if (!output) throw new Error(`esbuild made nothing of ${entry}.`);
  return { content: output.contents, inputs: Object.keys(metafile.inputs) };
}

function artifact(path: string, content: Uint8Array): Artifact {
  // Whole or not at all: another synthesis may be copying it.
  const partial = `${path}.${process.pid}`;
  writeFileSync(partial, content);
  renameSync(partial, path);
  const hash = createHash("sha256").update(basename(path)).update("\0").update(content).digest("hex");
  return { path, hash, size: content.byteLength };
}
