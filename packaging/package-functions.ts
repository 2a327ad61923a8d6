import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { type DeflateOptions, zipSync } from "fflate";
import { BUILD, type Bundle, bundle, rebundling, ROOT } from "./bundle";
import { packagesWithFilesBeside } from "./files-beside";
import { noticesFor } from "./notices";
import { keepSourceMap } from "./source-maps";
import { stateOf } from "./source-state";

/** A file that a stack carries: built before synthesis, copied into the stack's assets. */
export interface Artifact {
  readonly path: string;
  /** SHA-256 of names and bytes, in hex. */
  readonly hash: string;
  /** In bytes. */
  readonly size: number;
  /** What may fail at run time, each in a sentence. @default nothing */
  readonly warnings?: readonly string[];
}

/** Everything that the code stacks publish, and what they publish it with. */
export interface Artifacts {
  readonly producer: Artifact;
  readonly consumer: Artifact;
  /** The program that puts a package on a site; see `packaging/publish`. */
  readonly publisher: Artifact;
}

export type App = "producer" | "consumer";

/** Everything that packages and publisher are made of. */
const SOURCES = ["functions", "packaging", "operator", "failure.ts"];
/** What was made, and of which sources. */
const RECORD = "packages.json";
const TELEMETRY = "functions/shared/application-insights.ts";
/** ZIP's own epoch, in local time, as ZIP means it: the same bytes in every time zone. */
const EPOCH = new Date(1980, 0, 1);

/**
 * Bundles the two function apps and the publisher.
 *
 * @param outdir where the files go; made where it does not exist
 * @throws Failure with the place of each mistake in the code
 */
export function packageFunctions(outdir = BUILD): Artifacts {
  return onceFor(outdir, SOURCES, () => {
    const telemetry = bundle(TELEMETRY);
    return {
      producer: functionPackage("producer", telemetry, outdir),
      consumer: functionPackage("consumer", telemetry, outdir),
      publisher: artifact(join(outdir, "publish.js"), withNotices(bundle("packaging/publish/index.ts"))),
    };
  });
}

/** Makes artifacts in a folder, where they are not there already, made of the same sources. */
function onceFor<Made extends object>(outdir: string, sources: readonly string[], make: () => Made): Made {
  mkdirSync(outdir, { recursive: true });
  const state = stateOf(sources);
  const before = recordIn(outdir);
  // Only this function writes the record, with the same sources and so of the same shape.
  if (before?.state === state && Object.values(before.artifacts).every(isWhole)) return before.artifacts as Made;
  const artifacts = make();
  writeFileSync(join(outdir, RECORD), JSON.stringify({ state, artifacts }));
  return artifacts;
}

interface MadeBefore {
  readonly state: string;
  readonly artifacts: Readonly<Record<string, Artifact>>;
}

function recordIn(outdir: string): MadeBefore | undefined {
  try {
    return JSON.parse(readFileSync(join(outdir, RECORD), "utf8")) as MadeBefore;
  } catch {
    // Nothing was made there.
    return undefined;
  }
}

function isWhole({ path, hash }: Artifact): boolean {
  return existsSync(path) && hashOf(path, readFileSync(path)) === hash;
}

/** An app with another entry point than the shipped one, and everything else as it is: other code, to try something with. */
export function packageWith(app: App, entry: string, outdir: string): Artifact {
  const folder = join(outdir, app);
  const { made } = onceFor(folder, [...SOURCES, dirname(entry)], () => ({
    made: functionPackage(app, bundle(TELEMETRY), folder, entry),
  }));
  return made;
}

/** Makes one app's package again and again, as fast as it can: what has not changed is not read again, and nothing is compressed. */
export class QuickPackage {
  private constructor(
    readonly app: App,
    private readonly main: Awaited<ReturnType<typeof rebundling>>,
    private readonly telemetry: Bundle,
    private readonly outdir: string,
  ) {}

  static async of(app: App, outdir: string): Promise<QuickPackage> {
    mkdirSync(outdir, { recursive: true });
    return new QuickPackage(app, await rebundling(entryOf(app)), bundle(TELEMETRY), outdir);
  }

  /** @throws Failure with the place of each mistake in the code */
  async make(): Promise<Artifact> {
    return written(this.app, await this.main.bundle(), this.telemetry, this.outdir, 0);
  }

  async dispose(): Promise<void> {
    await this.main.dispose();
  }
}

/** A function app as App Service runs it from a package: the host's settings, the entry point, and telemetry beside it. */
function functionPackage(app: App, telemetry: Bundle, outdir: string, entry = entryOf(app)): Artifact {
  return written(app, bundle(entry), telemetry, outdir, 9);
}

function entryOf(app: App): string {
  return `functions/${app}/index.ts`;
}

function written(app: App, main: Bundle, telemetry: Bundle, outdir: string, level: DeflateOptions["level"]): Artifact {
  const manifest = { name: app, private: true, main: "index.js" };
  const files = {
    "host.json": readFileSync(join(ROOT, "functions/host.json")),
    "index.js": main.content,
    "package.json": Buffer.from(`${JSON.stringify(manifest, undefined, 2)}\n`),
    "telemetry.js": telemetry.content,
    "NOTICES.txt": Buffer.from(`${noticesFor(ROOT, [...main.inputs, ...telemetry.inputs])}\n`),
  };
  keepSourceMap(outdir, app, main);
  const warnings = packagesWithFilesBeside(main.inputs).map(
    (name) =>
      `The ${app} uses the npm package ${name}, whose code looks for files beside itself. A function package holds code only: these files are missing when the code asks for them.`,
  );
  return {
    ...artifact(join(outdir, `${app}.zip`), zipSync(files, { level, mtime: EPOCH })),
    ...(warnings.length > 0 ? { warnings } : {}),
  };
}

/** A program of one file has its notices behind it. */
function withNotices({ content, inputs }: Bundle): Uint8Array {
  const notices = noticesFor(ROOT, inputs).replaceAll("*/", "* /");
  return Buffer.concat([content, Buffer.from(`\n/*\n${notices}\n*/\n`)]);
}

function artifact(path: string, content: Uint8Array): Artifact {
  // Whole or not at all: another synthesis may be copying it.
  const partial = `${path}.${process.pid}`;
  writeFileSync(partial, content);
  renameSync(partial, path);
  return { path, hash: hashOf(path, content), size: content.byteLength };
}

function hashOf(path: string, content: Uint8Array): string {
  return createHash("sha256").update(basename(path)).update("\0").update(content).digest("hex");
}
