import { createHash } from "node:crypto";
import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { BUILD, type Bundle } from "./bundle";

/** Keeps the source map of an app's code beside its package, under a name that says of which bytes it is the map. Maps of earlier code are removed. */
export function keepSourceMap(outdir: string, app: string, { content, sourceMap }: Bundle): void {
  const name = `${app}.${hashOf(content)}.js.map`;
  for (const file of readdirSync(outdir)) {
    if (file.startsWith(`${app}.`) && file.endsWith(".js.map") && file !== name)
      rmSync(join(outdir, file), { force: true });
  }
  const map = JSON.parse(sourceMap) as { sources: string[] };
  const sources = map.sources.map((source) => resolve(BUILD, source));
  writeFileSync(join(outdir, name), JSON.stringify({ ...map, sources }));
}

/** The source map of code, where one of the folders has it. */
export function sourceMapOf(content: Uint8Array, folders: readonly string[]): Buffer | undefined {
  const suffix = `.${hashOf(content)}.js.map`;
  for (const folder of folders) {
    const name = filesIn(folder).find((file) => file.endsWith(suffix));
    if (name !== undefined) return readFileSync(join(folder, name));
  }
  return undefined;
}

function filesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function hashOf(content: Uint8Array): string {
  return createHash("sha256").update(content).digest("hex").slice(0, 16);
}
