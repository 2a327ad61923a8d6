import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "./bundle";

/** What code uses to find files beside itself. */
const BESIDE = /\b__dirname\b|\b__filename\b|\bimport\.meta\.url\b/;
/** It is in the Azure SDK's sign-in for people, and is never called with a managed identity. */
const UNUSED = new Set(["open"]);

/**
 * The npm packages in a bundle whose code looks for files beside itself: the bundle holds code only, so the files are missing at run time.
 *
 * @param inputs paths of the bundled files, from the root
 */
export function packagesWithFilesBeside(inputs: readonly string[]): string[] {
  const found = new Set<string>();
  for (const input of inputs) {
    const [, name = ""] = /.*node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(input) ?? [];
    if (name === "" || UNUSED.has(name) || found.has(name)) continue;
    if (BESIDE.test(readFileSync(join(ROOT, input), "utf8"))) found.add(name);
  }
  return [...found].sort();
}
