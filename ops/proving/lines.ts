import { existsSync, readFileSync } from "node:fs";
import { relative } from "node:path";
import { findNodeAtLocation, type Node, parseTree } from "jsonc-parser";
import type { Origin } from "../../proof/network/origin";

interface Source {
  /** The offset at which each line starts. */
  readonly starts: readonly number[];
  readonly root?: Node;
}

const sources = new Map<string, Source>();

/** The line, counted from 1, at which an item is in its file; nothing where there is no such file. */
export function lineOf({ file, keys }: Origin): number | undefined {
  if (file === undefined) return undefined;
  const { starts, root } = sourceOf(file);
  for (let length = keys.length; root && length > 0; length -= 1) {
    const node = findNodeAtLocation(root, keys.slice(0, length));
    if (node) return lineAt((node.parent?.type === "property" ? node.parent : node).offset, starts);
  }
  return undefined;
}

/** `cdktf.out/stacks/network-eastus2/cdk.tf.json:412`, from the working directory; the resource where it is in no file. */
export function fileAndLine(origin: Origin): string {
  const line = lineOf(origin);
  if (origin.file === undefined || line === undefined) return origin.resource;
  return `${relative(process.cwd(), origin.file)}:${line}`;
}

/** How many lines start at an offset or before: halved, because a page asks for thousands of lines. */
function lineAt(offset: number, starts: readonly number[]): number {
  let [low, high] = [0, starts.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((starts[middle] ?? Infinity) <= offset) low = middle + 1;
    else high = middle;
  }
  return low;
}

function sourceOf(file: string): Source {
  const known = sources.get(file);
  if (known) return known;
  const text = existsSync(file) ? readFileSync(file, "utf8") : "";
  const root = text === "" ? undefined : parseTree(text);
  const starts = [0, ...[...text.matchAll(/\n/g)].map(({ index }) => index + 1)];
  const source = { starts, ...(root ? { root } : {}) };
  sources.set(file, source);
  return source;
}
