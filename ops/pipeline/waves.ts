import type { SynthesizedStack } from "../../synthesized/cdktf-out";

/** Stacks that can be applied side by side. */
export type Wave = readonly string[];

/** The stacks in waves: each after all those before it. */
export function wavesOf(stacks: readonly SynthesizedStack[]): Wave[] {
  const depth = new Map<string, number>();
  // In deployment order: what a stack depends on is known already.
  for (const { name, dependencies } of stacks) {
    depth.set(name, Math.max(0, ...dependencies.map((before) => (depth.get(before) ?? 0) + 1)));
  }
  const deepest = Math.max(-1, ...depth.values());
  return Array.from({ length: deepest + 1 }, (_, level) =>
    stacks.map(({ name }) => name).filter((name) => depth.get(name) === level),
  );
}

/** What publishes code must run inside the network; everything else need not. */
export function needsTheNetwork(name: string): boolean {
  return /(^|-)code-[a-z0-9]+$/.test(name);
}
