import { statSync } from "node:fs";
import { basename, resolve } from "node:path";
import { resourcesOf, type SynthesizedStack } from "../synthesized/cdktf-out";
import { UsageError } from "../usage-error";

/** A function package among a stack's assets, as that stack will publish it. */
export interface SynthesizedPackage {
  readonly name: string;
  readonly stack: string;
  /** The ARM id of the app it goes to. */
  readonly siteId: string;
  /** Absolute. */
  readonly path: string;
  /** In bytes. */
  readonly size: number;
  /** SHA-256 of name and bytes, in hex. */
  readonly hash: string;
}

interface Publication {
  readonly provisioner?: readonly {
    readonly "local-exec"?: { readonly environment?: Readonly<Record<string, string>> };
  }[];
}

/**
 * Every package that the stacks publish.
 *
 * @throws UsageError where one is not there
 */
export function packagesOf(stacks: readonly SynthesizedStack[]): SynthesizedPackage[] {
  return stacks.flatMap((stack) =>
    resourcesOf(stack).flatMap(({ block }) => {
      const { PUBLISH_PACKAGE, PUBLISH_PACKAGE_HASH, PUBLISH_SITE_ID } =
        (block as Publication).provisioner?.[0]?.["local-exec"]?.environment ?? {};
      if (!PUBLISH_PACKAGE || !PUBLISH_PACKAGE_HASH || !PUBLISH_SITE_ID) return [];
      const path = resolve(stack.directory, PUBLISH_PACKAGE);
      return [
        {
          name: basename(path),
          stack: stack.name,
          siteId: PUBLISH_SITE_ID,
          path,
          size: sizeOf(path),
          hash: PUBLISH_PACKAGE_HASH,
        },
      ];
    }),
  );
}

function sizeOf(path: string): number {
  const found = statSync(path, { throwIfNoEntry: false });
  if (!found) throw new UsageError(`There is no package ${path}: synthesize again, npm run synth.`);
  return found.size;
}
