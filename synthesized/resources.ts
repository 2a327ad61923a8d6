import { literalOf } from "../topology/terraform-text";
import { type Block, resourcesOf, type SynthesizedStack } from "./cdktf-out";
import { referenceIn } from "./references";

/** A resource and the stack that declares it. */
export interface Located {
  readonly stack: SynthesizedStack;
  readonly type: string;
  readonly id: string;
  /** `azurerm_subnet.workload-subnet`: unique in its stack. */
  readonly address: string;
  readonly block: Block;
}

/** Every resource of a type, or of several. */
export function all(stacks: readonly SynthesizedStack[], ...types: string[]): Located[] {
  return stacks.flatMap((stack) =>
    resourcesOf(stack)
      .filter(({ type }) => types.includes(type))
      .map(({ type, id, block }) => located(stack, type, id, block)),
  );
}

function located(stack: SynthesizedStack, type: string, id: string, block: Block): Located {
  return { stack, type, id, address: `${type}.${id}`, block };
}

/** How a finding names it: `geo-pair: azurerm_private_endpoint.EasttoEast`. */
export function placeOf({ stack, address }: Located): string {
  return `${stack.name}: ${address}`;
}

/** Whether two are the same resource of the same stack. */
export function isSame(one: Located | undefined, other: Located | undefined): boolean {
  return one !== undefined && one.stack === other?.stack && one.address === other.address;
}

/** The resource of the same stack that an attribute refers to, whichever attribute of it. */
export function referred(from: Located, value: unknown): Located | undefined {
  const { type, id } = referenceIn(value) ?? {};
  if (type === undefined || id === undefined) return undefined;
  const block = from.stack.json.resource?.[type]?.[id];
  return block && located(from.stack, type, id, block);
}

/** An attribute's text, with a reference to another's attribute followed. @throws Error where there is none */
export function textOf(from: Located, key: string): string {
  const value = from.block[key];
  const target = referred(from, value);
  const attribute = referenceIn(value)?.attribute;
  if (target && attribute !== undefined) return textOf(target, attribute);
  if (typeof value !== "string") throw new Error(`${placeOf(from)}.${key} is no text: ${JSON.stringify(value)}.`);
  if (!target && referenceIn(value))
    throw new Error(`${placeOf(from)}.${key} refers to ${value}, which is not in its stack.`);
  return literalOf(value);
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
    const name = referenceIn(reference)?.attribute;
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
