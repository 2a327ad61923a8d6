import picomatch from "picomatch";
import type { SynthesizedStack } from "../synthesized/cdktf-out";
import { UsageError } from "../failure";
import { geoPairStackName, REGIONAL_STACKS, stackName } from "../topology/names";
import type { Stamp, Topology } from "../topology/schema";

export interface SelectionOptions {
  /** Names or globs; none: every stack. */
  readonly patterns: readonly string[];
  /** Only stacks of this region. A geo-pair stack is of both its regions. @default every region */
  readonly region?: string;
  /** Names or globs to leave out. @default none */
  readonly skip?: readonly string[];
}

export interface Selection {
  /** In deployment order. */
  readonly stacks: readonly SynthesizedStack[];
  /** What a selected stack needs, directly or not, and is not selected; in deployment order. */
  readonly prerequisites: readonly SynthesizedStack[];
}

/**
 * Which stacks a command is about.
 *
 * @param all every stack, in deployment order
 * @throws UsageError where a pattern or the region matches nothing
 */
export function select(all: readonly SynthesizedStack[], topology: Topology, options: SelectionOptions): Selection {
  const { patterns, region, skip = [] } = options;
  const names = all.map(({ name }) => name);
  refuseUnknown(names, [...patterns, ...skip]);
  const ofRegion = region === undefined ? new Set(names) : stacksOfRegion(topology, region);
  const wanted = picomatch(patterns.length === 0 ? "*" : [...patterns]);
  const unwanted = skip.length === 0 ? () => false : picomatch([...skip]);
  const stacks = all.filter(({ name }) => ofRegion.has(name) && wanted(name) && !unwanted(name));
  if (stacks.length === 0)
    throw new UsageError("No stack is left: no stack matches the names, --region and --skip together.");
  const needed = closure(all, stacks);
  return { stacks, prerequisites: all.filter((stack) => needed.has(stack.name) && !stacks.includes(stack)) };
}

/** The names of all stacks of a topology. */
export function stackNamesOf({ stamps }: Topology): string[] {
  return stamps.flatMap((stamp) => [
    geoPairStackName(stamp),
    ...stamp.regions.flatMap((region) => REGIONAL_STACKS.map((kind) => stackName(stamp, kind, region))),
  ]);
}

/** @throws UsageError where a name or glob is no stack's */
export function refuseUnknown(names: readonly string[], patterns: readonly string[]): void {
  for (const pattern of patterns) {
    const matches = picomatch(pattern);
    if (!names.some((name) => matches(name))) {
      throw new UsageError(`No stack is named ${pattern}. There are: ${[...names].sort().join(", ")}.`);
    }
  }
}

/** The stamp of a name. @param name none: the first @throws UsageError where there is none of that name */
export function stampNamed({ stamps }: Topology, name: string | undefined): Stamp {
  const found = name === undefined ? stamps[0] : stamps.find((stamp) => stamp.name === name);
  if (!found) {
    const names = stamps.map((stamp) => stamp.name ?? "(unnamed)").join(", ");
    throw new UsageError(`There is no stamp "${name ?? ""}", only ${names}: --stamp takes one of them.`);
  }
  return found;
}

/** The stacks of one stamp, in the order they were given. */
export function stacksOfStamp(all: readonly SynthesizedStack[], stamp: Stamp): SynthesizedStack[] {
  const names = new Set([
    geoPairStackName(stamp),
    ...stamp.regions.flatMap((region) => REGIONAL_STACKS.map((kind) => stackName(stamp, kind, region))),
  ]);
  return all.filter(({ name }) => names.has(name));
}

function stacksOfRegion(topology: Topology, location: string): Set<string> {
  const names = topology.stamps.flatMap((stamp) =>
    stamp.regions
      .filter((region) => region.location === location)
      .flatMap((region) => [...REGIONAL_STACKS.map((kind) => stackName(stamp, kind, region)), geoPairStackName(stamp)]),
  );
  if (names.length === 0) {
    const known = new Set(topology.stamps.flatMap(({ regions }) => regions.map((region) => region.location)));
    throw new UsageError(`The topology has no region ${location}. It has: ${[...known].join(", ")}.`);
  }
  return new Set(names);
}

function closure(all: readonly SynthesizedStack[], stacks: readonly SynthesizedStack[]): Set<string> {
  const needed = new Set<string>();
  // From the last to the first: every stack comes after what it depends on.
  for (const stack of [...all].reverse()) {
    if (stacks.includes(stack) || needed.has(stack.name)) for (const name of stack.dependencies) needed.add(name);
  }
  return needed;
}
