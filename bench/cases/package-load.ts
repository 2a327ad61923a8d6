import { spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { buildSync } from "esbuild";
import { unzipSync, zipSync } from "fflate";
import { inTurn, median } from "../statistics";
import { packageFunctions } from "../../packaging/package-functions";

const ROOT = resolve(__dirname, "../..");

export interface PackageLoad {
  /** Median time to load, in milliseconds. */
  readonly milliseconds: number;
  /** What would be uploaded, in bytes: zipped where it is a bundle, the folders of its packages where it is not. */
  readonly bytes: number;
}

/** The function package without telemetry, as the stacks ship it and as `node_modules` would. */
export async function packageLoads(
  app: "producer" | "consumer",
  folder: string,
  rounds: number,
): Promise<{ bundled: PackageLoad; unbundled: PackageLoad }> {
  mkdirSync(folder, { recursive: true });
  const artifact = packageFunctions(join(folder, "packages"))[app];
  const files = unzipSync(readFileSync(artifact.path));
  const bundled = join(folder, "bundled.js");
  writeFileSync(bundled, files["index.js"] ?? "");
  const shipped = Object.fromEntries(Object.entries(files).filter(([name]) => name !== "telemetry.js"));
  const { outputFiles } = buildSync({
    entryPoints: [join(ROOT, `functions/${app}/index.ts`)],
    bundle: true,
    write: false,
    platform: "node",
    format: "cjs",
    packages: "external",
  });
  const unbundled = join(folder, "unbundled.js");
  writeFileSync(unbundled, outputFiles[0]?.contents ?? "");
  symlinkSync(join(ROOT, "node_modules"), join(folder, "node_modules"));
  const times = await inTurn({ bundled: () => loadTime(bundled), unbundled: () => loadTime(unbundled) }, rounds);
  return {
    bundled: { milliseconds: median(times.bundled), bytes: zipSync(shipped, { level: 9 }).length },
    unbundled: { milliseconds: median(times.unbundled), bytes: foldersOf(app) },
  };
}

/** Loads a program in a process of its own, with just enough of a host and settings for it to load. */
function loadTime(program: string): number {
  const script = `
    const Module = require("node:module"); const load = Module._load;
    const core = { registerFunction() {}, setProgrammingModel() {}, registerHook() {}, log() {}, version: "3", hostVersion: "4" };
    Module._load = (request, ...rest) => request === "@azure/functions-core" ? core : load(request, ...rest);
    const began = performance.now(); require(${JSON.stringify(program)}); process.stdout.write(String(performance.now() - began)); process.exit(0);`;
  const environment = {
    PATH: process.env.PATH,
    PRODUCER_ENTITIES: "[]",
    PRODUCER_LIMITS: JSON.stringify({ items: 1_000, bytes: 4_194_304 }),
    CONSUMER_SOURCES: "[]",
    ServiceBus__fullyQualifiedNamespace: "n",
    ServiceBus__clientId: "c",
  };
  const { stdout, stderr } = spawnSync(process.execPath, ["-e", script], { env: environment, encoding: "utf8" });
  const milliseconds = Number(stdout);
  if (stdout === "" || Number.isNaN(milliseconds)) throw new Error(`The package did not load: ${stderr}`);
  return milliseconds;
}

/** The folders of the packages that the app's bundle takes something from. */
function foldersOf(app: string): number {
  const { metafile } = buildSync({
    entryPoints: [join(ROOT, `functions/${app}/index.ts`)],
    absWorkingDir: ROOT,
    bundle: true,
    write: false,
    metafile: true,
    platform: "node",
    external: ["@azure/functions-core"],
    logLevel: "error",
  });
  const folders = new Set(
    Object.keys(metafile.inputs).flatMap((path) => {
      const at = path.lastIndexOf("node_modules/");
      if (at < 0) return [];
      const [scope = "", name = ""] = path.slice(at + "node_modules/".length).split("/");
      return [join(ROOT, path.slice(0, at), "node_modules", scope.startsWith("@") ? join(scope, name) : scope)];
    }),
  );
  return [...folders].reduce((sum, folder) => sum + sizeOf(folder), 0);
}

function sizeOf(folder: string): number {
  return readdirSync(folder, { withFileTypes: true }).reduce((sum, entry) => {
    const path = join(folder, entry.name);
    if (entry.name === "node_modules") return sum;
    return sum + (entry.isDirectory() ? sizeOf(path) : statSync(path).size);
  }, 0);
}
