import { resourcesOf, type SynthesizedStack } from "./cdktf-out";
import { referencesOf } from "./references";
import type { Located } from "./resources";

/** The addresses of everything that a resource comes after, directly or not, in its own stack. */
export function comesAfter(resource: Located): Set<string> {
  const blocks = new Map(resourcesOf(resource.stack).map(({ type, id, block }) => [`${type}.${id}`, block]));
  const seen = new Set<string>();
  const visit = (address: string) => {
    for (const reference of referencesOf(blocks.get(address) ?? {})) {
      if (seen.has(reference) || !blocks.has(reference)) continue;
      seen.add(reference);
      visit(reference);
    }
  };
  visit(resource.address);
  return seen;
}

/** A stack's predecessors, direct or not, by name. */
export function stacksBefore(stacks: readonly SynthesizedStack[], name: string): Set<string> {
  const dependencies = new Map(stacks.map((stack) => [stack.name, stack.dependencies]));
  const seen = new Set<string>();
  const visit = (at: string) => {
    for (const dependency of dependencies.get(at) ?? []) {
      if (seen.has(dependency)) continue;
      seen.add(dependency);
      visit(dependency);
    }
  };
  visit(name);
  return seen;
}
