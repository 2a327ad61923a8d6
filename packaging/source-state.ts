import { createHash } from "node:crypto";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "./bundle";

/** What every package depends on beside its own code: the bundler's settings, and the versions of what is imported. */
const ALWAYS = ["tsconfig.json", "package-lock.json"];

/**
 * A hash of files and folders, with everything that decides what is made of them: the same hash, the same result.
 *
 * @param paths from the root
 * @param more what else the result depends on
 */
export function stateOf(paths: readonly string[], more = ""): string {
  const hash = createHash("sha256").update(`${process.version} ${more}`);
  for (const file of [...paths.flatMap(filesIn), ...ALWAYS].sort()) {
    hash.update(`\0${file}\0`).update(readFileSync(join(ROOT, file)));
  }
  return hash.digest("hex");
}

function filesIn(path: string): string[] {
  if (statSync(join(ROOT, path)).isFile()) return [path];
  return readdirSync(join(ROOT, path), { recursive: true, encoding: "utf8" })
    .map((name) => join(path, name))
    .filter((name) => statSync(join(ROOT, name)).isFile());
}
