import { appendFileSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { sourceMapOf } from "../../packaging/source-maps";

const ENTRY = "index.js";

/** Puts the source map of an unpacked package beside its code, where one of the folders has it: stack traces then name the lines of the functions. */
export function addSourceMap(unpacked: string, folders: readonly string[]): void {
  const path = join(unpacked, ENTRY);
  let code: Buffer;
  try {
    code = readFileSync(path);
  } catch {
    // A package with another entry point.
    return;
  }
  const map = sourceMapOf(code, folders);
  if (!map) return;
  writeFileSync(`${path}.map`, map);
  appendFileSync(path, `\n//# sourceMappingURL=${ENTRY}.map\n`);
}
