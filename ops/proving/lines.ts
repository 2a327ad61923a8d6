import { existsSync, readFileSync } from "node:fs";
import { relative } from "node:path";
import { findNodeAtLocation, type Node, parseTree } from "jsonc-parser";
import type { Origin } from "../../proof/network/origin";

interface Source {
  readonly text: string;
  readonly root?: Node;
}

const sources = new Map<string, Source>();

/** The line, counted from 1, at which an item is in its file; nothing where there is no such file. */
export function lineOf({ file, keys }: Origin): number | undefined {
  if (file === undefined) return undefined;
  const { text, root } = sourceOf(file);
  for (let length = keys.length; root && length > 0; length -= 1) {
    const node = findNodeAtLocation(root, keys.slice(0, length));
    if (node) return text.slice(0, (node.parent?.type === "property" ? node.parent : node).offset).split("\n").length;
  }
  return undefined;
}

/** `cdktf.out/stacks/network-eastus2/cdk.tf.json:412`, from the working directory; the resource where it is in no file. */
export function placeOf(origin: Origin): string {
  const line = lineOf(origin);
  if (origin.file === undefined || line === undefined) return origin.resource;
  return `${relative(process.cwd(), origin.file)}:${line}`;
}

function sourceOf(file: string): Source {
  const known = sources.get(file);
  if (known) return known;
  const text = existsSync(file) ? readFileSync(file, "utf8") : "";
  const root = text === "" ? undefined : parseTree(text);
  const source = { text, ...(root ? { root } : {}) };
  sources.set(file, source);
  return source;
}
