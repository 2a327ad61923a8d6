import { existsSync, readFileSync, statSync } from "node:fs";
import { extname, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { jsonSource } from "./json-source";
import { Failure, UsageError } from "../failure";
import { type LineOf, TopologyError } from "./mistake";
import type { Topology, TopologyInput } from "./schema";
import { validate } from "./validate";

/** The topology that this file holds: a TypeScript module that exports `topology`, or JSON of the same shape. */
export const DEFAULT_TOPOLOGY = "topology.ts";

/**
 * Reads and validates a topology.
 *
 * @param file relative to the working directory; `topology.ts` beside `main.ts`, where it is not given
 * @throws TopologyError where the topology has mistakes; Failure where there is none to read
 */
export function loadTopology(file = named(process.env.TOPOLOGY)): Topology {
  const path = file === undefined ? resolve(__dirname, "..", DEFAULT_TOPOLOGY) : resolve(file);
  const source = file ?? DEFAULT_TOPOLOGY;
  if (!existsSync(path) || !statSync(path).isFile()) {
    throw new UsageError(
      `No topology: TOPOLOGY names ${source}, and there is no file ${path}. Name a .ts or .json file.`,
    );
  }
  const kind = extname(path);
  if (kind === ".json") return fromJson(path, source);
  if (kind === ".ts") return from({ name: source }, validate(fromModule(path), source));
  throw new UsageError(`No topology: ${path} is neither a .ts module nor a .json file.`);
}

/** Where a topology comes from. */
export interface Source {
  /** As the user named the file. */
  readonly name: string;
  readonly lineOf?: LineOf;
}

const sources = new WeakMap<Topology, Source>();

/** The file that a topology was loaded from; one that was made in a program comes from none. */
export function sourceOf(topology: Topology): Source {
  return sources.get(topology) ?? { name: "the topology" };
}

function from(source: Source, topology: Topology): Topology {
  sources.set(topology, source);
  return topology;
}

/** An empty variable names nothing. */
function named(variable: string | undefined): string | undefined {
  return variable === "" ? undefined : variable;
}

function fromJson(path: string, source: string): Topology {
  const { value, mistakes, lineOf } = jsonSource(readFileSync(path, "utf8"));
  // The text has to be JSON before anything else can be said of it.
  if (value === undefined) throw new TopologyError(mistakes, source);
  return from({ name: source, lineOf }, validate(value as TopologyInput, source, { mistakes, lineOf }));
}

function fromModule(path: string): TopologyInput {
  let module: unknown;
  try {
    // A path that is known only now: no static import can name it, and a dynamic one would make every caller asynchronous.
    // eslint-disable-next-line @typescript-eslint/no-require-imports
    module = require(path);
  } catch (cause) {
    throw new Failure(`No topology: ${pathToFileURL(path).href} cannot be read: ${String(cause)}`, { cause });
  }
  if (typeof module !== "object" || module === null || !("topology" in module)) {
    throw new Failure(
      `No topology: ${path} exports no \`topology\`. Write: export const topology: TopologyInput = { ... }.`,
    );
  }
  return module.topology as TopologyInput;
}
