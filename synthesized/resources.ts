import { literalOf } from "../topology/terraform-text";
import { type Block, resourcesOf, type SynthesizedStack } from "./cdktf-out";

/** A resource and the stack it stands in. */
export interface Located {
  readonly stack: SynthesizedStack;
  readonly type: string;
  readonly id: string;
  readonly block: Block;
}

/** Every resource of a type, or of several. */
export function all(stacks: readonly SynthesizedStack[], ...types: string[]): Located[] {
  return stacks.flatMap((stack) =>
    resourcesOf(stack)
      .filter(({ type }) => types.includes(type))
      .map((resource) => ({ stack, ...resource })),
  );
}

/** How a finding names it: `geo-pair: azurerm_private_endpoint.EasttoEast`. */
export function placeOf({ stack, type, id }: Located): string {
  return `${stack.name}: ${type}.${id}`;
}

const REFERENCE = /^\$\{([a-z_0-9]+)\.([A-Za-z0-9_-]+)\.([a-z_0-9]+)\}$/;

/** The resource of the same stack that an attribute refers to, whichever attribute of it. */
export function referred(from: Located, value: unknown): Located | undefined {
  const [, type, id] = typeof value === "string" ? (REFERENCE.exec(value) ?? []) : [];
  if (type === undefined || id === undefined) return undefined;
  const block = from.stack.json.resource?.[type]?.[id];
  return block && { stack: from.stack, type, id, block };
}

/** An attribute's text, with a reference to another's attribute followed. */
export function textOf(from: Located, key: string): string {
  const value = from.block[key];
  const target = referred(from, value);
  const attribute = typeof value === "string" ? REFERENCE.exec(value)?.[3] : undefined;
  if (target && attribute !== undefined) return textOf(target, attribute);
  return typeof value === "string" ? literalOf(value) : "";
}

/**
 * A text with every reference in it replaced.
 *
 * @param attribute what a resource's attribute will be once it is deployed
 */
export function filled(from: Located, text: string, attribute: (of: Located, name: string) => string): string {
  return text.replace(/\$\$\{|%%\{|\$\{[^}]+\}/g, (reference) => {
    if (reference === "$${" || reference === "%%{") return literalOf(reference);
    const target = referred(from, reference);
    const name = REFERENCE.exec(reference)?.[3];
    if (!target || name === undefined)
      throw new Error(`${placeOf(from)} refers to ${reference}, which is not in its stack.`);
    return attribute(target, name);
  });
}

/** The blocks under a key, whether it holds one or a list. */
export function blocks(parent: Block, key: string): Block[] {
  const value = parent[key];
  if (value === undefined || value === null) return [];
  return (Array.isArray(value) ? value : [value]) as Block[];
}

/** The strings under a key, whether it holds one or a list. */
export function strings(parent: Block, key: string): string[] {
  const value = parent[key];
  return (Array.isArray(value) ? value : [value]).filter((item) => typeof item === "string");
}

/** Everything a resource comes after: what it names in `depends_on` and what its attributes refer to, and what those come after. */
export function comesAfter(resource: Located): Set<string> {
  const seen = new Set<string>();
  const visit = (block: Block) => {
    for (const [, type = "", id = ""] of JSON.stringify(block).matchAll(/([a-z]+_[a-z_0-9]+)\.([A-Za-z0-9_-]+)/g)) {
      const address = `${type}.${id}`;
      const target = resource.stack.json.resource?.[type]?.[id];
      if (target === undefined || seen.has(address)) continue;
      seen.add(address);
      visit(target);
    }
  };
  visit({ ...resource.block, "//": undefined });
  return seen;
}

/** A stack and everything before it, by name. */
export function stacksBefore(stacks: readonly SynthesizedStack[], name: string): Set<string> {
  const seen = new Set<string>();
  const visit = (at: string) => {
    for (const dependency of stacks.find((stack) => stack.name === at)?.dependencies ?? []) {
      if (seen.has(dependency)) continue;
      seen.add(dependency);
      visit(dependency);
    }
  };
  visit(name);
  return seen;
}
