import { existsSync } from "node:fs";
import { extname, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import type { Topology, TopologyInput } from "./schema";
import { UsageError } from "./mistake";
import { validate } from "./validate";

/** The topology that this file holds: a TypeScript module that exports `topology`, or JSON of the same shape. */
export const DEFAULT_TOPOLOGY = "topology.ts";

/**
 * Reads and validates a topology.
 *
 * @param file relative to the working directory; `TOPOLOGY`, or `topology.ts` beside `main.ts`, where it is not given
 * @throws TopologyError where the topology has mistakes; UsageError where there is none to read
 */
export function loadTopology(file = process.env.TOPOLOGY ?? resolve(__dirname, "..", DEFAULT_TOPOLOGY)): Topology {
  const path = resolve(file);
  if (!existsSync(path)) {
    throw new UsageError(
      `No topology: TOPOLOGY names ${file}, and there is no file ${path}. Name a .ts or .json file.`,
    );
  }
  return validate(read(path), file === path ? DEFAULT_TOPOLOGY : file);
}

function read(path: string): TopologyInput {
  const kind = extname(path);
  if (kind !== ".ts" && kind !== ".json") {
    throw new UsageError(`No topology: ${path} is neither a .ts module nor a .json file.`);
  }
  let module: unknown;
  try {
    // A path that is known only now: no static import can name it, and a dynamic one would make every caller asynchronous.
    // eslint-disable-next-line @typescript-eslint/no-require-imports
    module = require(path);
  } catch (cause) {
    throw new UsageError(`No topology: ${pathToFileURL(path).href} cannot be read: ${String(cause)}`, { cause });
  }
  if (kind === ".json") return module as TopologyInput;
  if (typeof module !== "object" || module === null || !("topology" in module)) {
    throw new UsageError(
      `No topology: ${path} exports no \`topology\`. Write: export const topology: TopologyInput = { ... }.`,
    );
  }
  return module.topology as TopologyInput;
}
