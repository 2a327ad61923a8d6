import { existsSync, mkdirSync, readdirSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { UsageError } from "../failure";

/** The topology that the stacks were synthesized from, beside them: what they are proved against. */
export const DECLARED = "topology.json";

/** What a synthesis writes into its folder; files whose names start with a dot are cdktf's and the lock. */
const OWN = new Set(["manifest.json", "stacks", DECLARED]);

/**
 * Makes the folder that is synthesized to.
 *
 * @throws UsageError where it cannot be made, or holds something that no synthesis wrote: a synthesis removes the folders of stacks that are gone
 */
export function prepareOutdir(outdir: string): void {
  const path = resolve(outdir);
  let found: string[];
  try {
    makeFolder(path);
    found = readdirSync(path);
  } catch (error) {
    throw unwritable(outdir, error);
  }
  const other = found.find((name) => !OWN.has(name) && !name.startsWith("."));
  if (other !== undefined) {
    throw new UsageError(
      `${NAMED} ${outdir}, which holds ${other}: name an empty folder, or one that was synthesized to before.`,
    );
  }
}

/** One folder after another: in /proc, Node's recursive mkdir does not end. */
function makeFolder(path: string): void {
  if (existsSync(path)) return;
  makeFolder(dirname(path));
  mkdirSync(path);
}

/** What a file system refused, as the user's mistake; anything else as it is. */
export function unwritable(outdir: string, error: unknown): unknown {
  const { code, message } = error as NodeJS.ErrnoException;
  return code === undefined || !FILE_SYSTEM.has(code)
    ? error
    : new UsageError(`${NAMED} ${outdir}, which cannot be written: ${message}`);
}

const NAMED = "The stacks are synthesized to the folder that CDKTF_OUTDIR names, else to cdktf.out. It is";
const FILE_SYSTEM = new Set([
  "EACCES",
  "EPERM",
  "EROFS",
  "ENOTDIR",
  "ENOENT",
  "EEXIST",
  "ENOSPC",
  "EISDIR",
  "ENAMETOOLONG",
]);
