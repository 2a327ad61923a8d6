import { statSync } from "node:fs";
import { basename, resolve } from "node:path";
import type { SynthesizedStack } from "../synthesized/cdktf-out";
import { publicationsIn } from "../synthesized/views/publication";
import { Failure } from "../failure";

/** A function package among a stack's assets, as that stack will publish it. */
export interface SynthesizedPackage {
  readonly name: string;
  readonly stack: string;
  /** The ARM id of the app it goes to, in lower case. */
  readonly siteId: string;
  /** Absolute. */
  readonly path: string;
  /** In bytes. */
  readonly size: number;
  /** SHA-256 of name and bytes, in hex. */
  readonly hash: string;
}

/**
 * Every package that the stacks publish.
 *
 * @throws Failure where one is not there
 */
export function packagesOf(stacks: readonly SynthesizedStack[]): SynthesizedPackage[] {
  return publicationsIn(stacks).map(({ resource: { stack }, siteId, package: asset, hash }) => {
    const path = resolve(stack.directory, asset);
    return { name: basename(path), stack: stack.name, siteId, path, size: sizeOf(path), hash };
  });
}

function sizeOf(path: string): number {
  const found = statSync(path, { throwIfNoEntry: false });
  if (!found) throw new Failure(`There is no package ${path}: synthesize again, npm run synth.`);
  return found.size;
}
