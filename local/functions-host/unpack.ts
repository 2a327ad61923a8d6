import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, dirname, join, normalize } from "node:path";
import { unzip } from "../unzip";
import { Failure } from "../../failure";
import type { SitePackage } from "../azure/azure";

/**
 * Unzips a package, the one that the stacks name by its hash.
 *
 * @throws Failure where it is another, or no whole zip
 */
export function unpack({ path, hash }: SitePackage, folder: string): void {
  let content: Buffer;
  try {
    content = readFileSync(path);
  } catch {
    throw new Failure(`There is no package ${path}: synthesize again, npm run synth.`);
  }
  const found = createHash("sha256").update(basename(path)).update("\0").update(content).digest("hex");
  if (found !== hash) {
    throw new Failure(
      `The package ${path} is not the one its stack names (got ${found}, expected ${hash}): synthesize again, npm run synth.`,
    );
  }
  for (const [name, bytes] of Object.entries(unzip(content))) {
    const target = join(folder, normalize(`/${name}`));
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, bytes);
  }
}
