import { resourcesOf, type SynthesizedStack } from "../../synthesized/cdktf-out";
import { referencesOf } from "../../synthesized/references";

/** A resource on the chain, as `stack: type.id`. */
export interface ChainLink {
  readonly stack: string;
  readonly address: string;
}

/**
 * The longest chain of resources that wait for each other, over stacks too: however fast each is made, a deployment takes as long as these one after
 * another. A stack waits for the whole of those before it.
 */
export function longestChain(stacks: readonly SynthesizedStack[]): ChainLink[] {
  const chains = new Map<string, ChainLink[]>();
  for (const stack of stacks) {
    const before = stack.dependencies.map((name) => chains.get(name) ?? []);
    chains.set(stack.name, [...longest(before), ...longestWithin(stack)]);
  }
  return longest([...chains.values()]);
}

function longestWithin(stack: SynthesizedStack): ChainLink[] {
  const known = new Map<string, ChainLink[]>();
  const resources = new Map(resourcesOf(stack).map(({ type, id, block }) => [`${type}.${id}`, block]));
  const chainTo = (address: string): ChainLink[] => {
    const found = known.get(address);
    if (found) return found;
    const named = referencesOf(resources.get(address) ?? {});
    const before = [...named].filter((name) => name !== address && resources.has(name)).map(chainTo);
    const chain = [...longest(before), { stack: stack.name, address }];
    known.set(address, chain);
    return chain;
  };
  return longest([...resources.keys()].map(chainTo));
}

function longest(chains: readonly ChainLink[][]): ChainLink[] {
  return chains.reduce<ChainLink[]>((best, chain) => (chain.length > best.length ? chain : best), []);
}
