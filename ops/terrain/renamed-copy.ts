import { spawnSync } from "node:child_process";
import { cpSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Failure, MissingRequirement } from "../../failure";
import { ROOT } from "../../packaging/bundle";

/** CDK Terrain, which continues cdktf, and its provider for azurerm, in the versions that were tried. */
export const TERRAIN = { cdktn: "0.24.0", "@cdktn/provider-azurerm": "16.1.0" } as const;

/** What a package of cdktf is called there. */
const NAMES: readonly (readonly [old: RegExp, name: string])[] = [
  [/(["'])cdktf(["'/])/g, "$1cdktn$2"],
  [/(["'])@cdktf\/provider-azurerm(["'/])/g, "$1@cdktn/provider-azurerm$2"],
];

const LEFT_OUT: ReadonlySet<string> = new Set(["node_modules", ".git", "cdktf.out", ".build", ".gen"]);

interface PackageJson {
  dependencies: Record<string, string>;
  devDependencies: Record<string, string>;
  overrides: Record<string, unknown>;
}

/**
 * Copies the project with its imports renamed, as the documents say to do it for good.
 *
 * @param folder empty
 * @returns how many files have other imports
 */
export function copyRenamed(folder: string): number {
  cpSync(ROOT, folder, {
    recursive: true,
    filter: (path) => !LEFT_OUT.has(path.slice(ROOT.length + 1).split("/")[0] ?? ""),
  });
  const sources = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((path) => path.endsWith(".ts"));
  let renamed = 0;
  for (const path of sources) {
    const source = readFileSync(join(folder, path), "utf8");
    const edited = source.replace(/^(?:import|export)[^;]*?from [^;]+;|jest\.mock\([^)]*\)/gm, renamedIn);
    if (edited === source) continue;
    writeFileSync(join(folder, path), edited);
    renamed += 1;
  }
  writeFileSync(join(folder, "package.json"), renamedPackage(readFileSync(join(folder, "package.json"), "utf8")));
  return renamed;
}

function renamedIn(statement: string): string {
  return NAMES.reduce((text, [old, name]) => text.replace(old, name), statement);
}

function renamedPackage(text: string): string {
  const content = JSON.parse(text) as PackageJson;
  const { cdktf: _library, "@cdktf/provider-azurerm": _provider, ...dependencies } = content.dependencies;
  const { "cdktf-cli": _cli, ...devDependencies } = content.devDependencies;
  return JSON.stringify({
    ...content,
    dependencies: { ...dependencies, ...TERRAIN },
    devDependencies,
    // The provider's own range ends before the library's present version.
    overrides: { ...content.overrides, "@cdktn/provider-azurerm": { cdktn: TERRAIN.cdktn } },
  });
}

/** npm's codes where it has no connection. Others, such as the one for a version that the registry does not have, say that the way out is closed. */
const UNREACHED =
  /^(ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|EHOSTUNREACH|ENOTCACHED|E5\d\d)$/;

/** @throws MissingRequirement where the registry is not reached @throws Failure where the packages do not fit together */
export function install(folder: string): void {
  const { status, stderr } = spawnSync("npm", ["install", "--ignore-scripts", "--no-audit", "--no-fund"], {
    cwd: folder,
    encoding: "utf8",
  });
  if (status !== 0) throw npmFailure(stderr);
}

/** @param stderr what npm printed */
export function npmFailure(stderr: string): Failure {
  const [, code = ""] = /^npm (?:error|ERR!) code (\S+)/m.exec(stderr) ?? [];
  if (UNREACHED.test(code)) return new MissingRequirement(`npm's registry is not reached:\n${stderr.trim()}`);
  return new Failure(`npm install failed with the renamed packages:\n${stderr}`);
}

/** Runs a command of the copy. @throws Failure with what it printed where it fails */
export function runIn(folder: string, program: string, args: readonly string[], environment: NodeJS.ProcessEnv): void {
  const { status, stdout, stderr } = spawnSync(program, args, {
    cwd: folder,
    encoding: "utf8",
    env: { ...process.env, ...environment },
    maxBuffer: 64 * 1_048_576,
  });
  if (status !== 0) throw new Failure(`${program} ${args.join(" ")} failed in the renamed copy:\n${stdout}${stderr}`);
}
