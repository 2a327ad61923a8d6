import { armId } from "../arm-id";
import type { Block } from "../cdktf-out";
import { computedAttribute } from "../computed";
import { referenceIn } from "../references";
import { type Located, placeOf, referred } from "../resources";
import { literalOf } from "../../topology/terraform-text";

/** A block inside a resource, and how a message names it: `network-r: azurerm_firewall.firewall.ip_configuration`. */
export interface Part {
  readonly of: Located;
  readonly block: Block;
  readonly path: string;
  /** The keys that lead from the resource to it. */
  readonly keys: readonly (string | number)[];
}

export function partOf(resource: Located): Part {
  return { of: resource, block: resource.block, path: placeOf(resource), keys: [] };
}

/** The blocks under a key, whether it holds one or a list. */
export function partsIn({ of, block, path, keys }: Part, key: string): Part[] {
  const value = block[key];
  if (value === undefined || value === null) return [];
  return (Array.isArray(value) ? value : [value]).map((each: unknown, index) => {
    if (typeof each !== "object" || each === null) throw wrong(path, key, each, "a block");
    const inside = Array.isArray(value) ? [key, index] : [key];
    return { of, block: each as Block, path: `${path}.${key}`, keys: [...keys, ...inside] };
  });
}

/** @throws Error where there is not exactly one */
export function partIn(part: Part, key: string): Part {
  const [only, another] = partsIn(part, key);
  if (!only || another) throw wrong(part.path, key, part.block[key], "one block");
  return only;
}

/** A text; a reference to another resource's attribute is followed. @throws Error where there is none */
export function text(part: Part, key: string): string {
  const found = optionalText(part, key);
  if (found === undefined) throw wrong(part.path, key, part.block[key], "a text");
  return found;
}

/** @throws Error where the value is no text, or refers to what is not in the stack */
export function optionalText({ of, block, path }: Part, key: string): string | undefined {
  const value = block[key];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== "string") throw wrong(path, key, value, "a text");
  return textIn(of, value, path, key);
}

export function texts({ of, block, path }: Part, key: string): string[] {
  const value = block[key];
  if (value === undefined || value === null) return [];
  return (Array.isArray(value) ? value : [value]).map((each: unknown) => {
    if (typeof each !== "string") throw wrong(path, key, each, "texts");
    return textIn(of, each, path, key);
  });
}

/** @throws Error where there is none */
export function someTexts(part: Part, key: string): string[] {
  const found = texts(part, key);
  if (found.length === 0) throw wrong(part.path, key, part.block[key], "one text or more");
  return found;
}

/** The one text of a list. @throws Error where there is none, or another */
export function onlyText(part: Part, key: string): string {
  const [only, another] = texts(part, key);
  if (only === undefined || another !== undefined) throw wrong(part.path, key, part.block[key], "one text");
  return only;
}

export function number({ block, path }: Part, key: string): number {
  const value = block[key];
  if (typeof value !== "number") throw wrong(path, key, value, "a number");
  return value;
}

/** @param otherwise what holds where nothing is set */
export function flag({ block, path }: Part, key: string, otherwise: boolean): boolean {
  const value = block[key] ?? otherwise;
  if (typeof value !== "boolean") throw wrong(path, key, value, "true or false");
  return value;
}

/** An ARM id, in lower case: as it is written, or of the resource that is referred to. */
export function idIn(part: Part, key: string): string {
  return text(part, key).toLowerCase();
}

function textIn(of: Located, value: string, path: string, key: string): string {
  const reference = referenceIn(value);
  if (!reference) {
    if (/(?<!\$)\$\{/.test(value)) throw wrong(path, key, value, "a text, or a reference and nothing else");
    return literalOf(value);
  }
  const target = referred(of, value);
  if (!target) throw wrong(path, key, value, "a reference to a resource of the same stack");
  if (reference.attribute === "id") return armId(target);
  const found = valueAt(target.block, reference.path) ?? computedAttribute(target, reference.path);
  if (typeof found !== "string") throw wrong(path, key, value, "a reference to what is known before a deployment");
  return textIn(target, found, placeOf(target), reference.attribute);
}

/** A block that there is one of is written without a list, and referred to with an index. */
function valueAt(block: Block, path: readonly (string | number)[]): unknown {
  return path.reduce<unknown>((value, key) => {
    if (typeof key === "number") return Array.isArray(value) ? value[key] : key === 0 ? value : undefined;
    return typeof value === "object" && value !== null ? (value as Block)[key] : undefined;
  }, block);
}

function wrong(path: string, key: string, got: unknown, expected: string): Error {
  return new Error(
    `${path}.${key} is ${got === undefined ? "not set" : JSON.stringify(got)}, and should be ${expected}.`,
  );
}
