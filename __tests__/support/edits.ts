import type { StackJson, SynthesizedStack } from "../../synthesized/cdktf-out";

type Json = Record<string, unknown>;

/** A block of a stack, to put a mistake into. Paths are keys and indices with dots: `ip_configuration.0.name`. */
export class Editable {
  constructor(private readonly block: Json) {}

  get(path: string): unknown {
    return path.split(".").reduce<unknown>((value, key) => (value as Json | undefined)?.[key], this.block);
  }

  set(path: string, value: unknown): void {
    const [parent, key] = this.parentOf(path);
    parent[key] = value;
  }

  remove(path: string): void {
    const [parent, key] = this.parentOf(path);
    if (Array.isArray(parent)) parent.splice(Number(key), 1);
    else Reflect.deleteProperty(parent, key);
  }

  push(path: string, item: unknown): void {
    const list = this.get(path);
    if (!Array.isArray(list)) throw new Error(`There is no list at ${path}.`);
    list.push(item);
  }

  /** The path of the member of a list that has a name. */
  named(path: string, name: string): string {
    const list = this.get(path) as readonly Json[];
    const index = list.findIndex((each) => each.name === name);
    if (index < 0) throw new Error(`${path} has no ${name}, only ${list.map((each) => String(each.name)).join(", ")}.`);
    return `${path}.${index}`;
  }

  private parentOf(path: string): [parent: Json, key: string] {
    const keys = path.split(".");
    const key = keys.pop() ?? "";
    const parent = keys.length === 0 ? this.block : this.get(keys.join("."));
    if (typeof parent !== "object" || parent === null) throw new Error(`There is nothing at ${keys.join(".")}.`);
    return [parent as Json, key];
  }
}

/** Which resource: its stack, its type, and its name or a part of its logical id. */
export type Which = readonly [stack: string, type: string, name?: string];

/** The stacks with one resource changed; those that are given stay as they are. */
export function edited(
  stacks: readonly SynthesizedStack[],
  which: Which,
  change: (block: Editable) => void,
): SynthesizedStack[] {
  return inStack(stacks, which, (byId, id) => {
    change(new Editable(byId[id] as Json));
  });
}

export function withoutResource(stacks: readonly SynthesizedStack[], which: Which): SynthesizedStack[] {
  return inStack(stacks, which, (byId, id) => Reflect.deleteProperty(byId, id));
}

/** The stacks with a resource more. */
export function withResource(
  stacks: readonly SynthesizedStack[],
  [stackName, type, id = "added"]: Which,
  block: Json,
): SynthesizedStack[] {
  return stacks.map((stack) => {
    if (stack.name !== stackName) return stack;
    const resource = { ...stack.json.resource, [type]: { ...stack.json.resource?.[type], [id]: block } };
    return { ...stack, json: { ...stack.json, resource } };
  });
}

/** @throws Error where there is not exactly one such resource */
function inStack(
  stacks: readonly SynthesizedStack[],
  [stackName, type, name]: Which,
  change: (byId: Json, id: string) => void,
): SynthesizedStack[] {
  if (!stacks.some((stack) => stack.name === stackName)) throw new Error(`There is no stack ${stackName}.`);
  return stacks.map((stack) => {
    if (stack.name !== stackName) return stack;
    const json: StackJson = structuredClone(stack.json);
    const byId: Json = json.resource?.[type] ?? {};
    const ids = Object.keys(byId).filter(
      (id) => name === undefined || (byId[id] as Json).name === name || id.includes(name),
    );
    const [id, another] = ids;
    if (id === undefined || another !== undefined)
      throw new Error(`${stackName} has ${ids.length} of ${type} ${name ?? ""}, not one.`);
    change(byId, id);
    return { ...stack, json };
  });
}

/** A mistake that every part of the product has to notice: a zone that the forwarders' network is not linked to. */
export function zoneLinkedToTheSpoke(stacks: readonly SynthesizedStack[]): SynthesizedStack[] {
  const link: Which = ["network-eastus2", "azurerm_private_dns_zone_virtual_network_link", "zones_serviceBus"];
  return edited(stacks, link, (block) => {
    block.set("virtual_network_id", "${azurerm_virtual_network.spoke_vnet_92DF0393.id}");
  });
}
