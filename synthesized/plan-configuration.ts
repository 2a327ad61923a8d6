import type { Block } from "./cdktf-out";

/** A resource as a plan names it. */
export interface PlannedResource {
  readonly address: string;
  readonly values: Readonly<Record<string, unknown>>;
}

/** An address as a key that references can name: `module.spoke.azurerm_subnet.this["a"]` is `module_spoke_this_a`. */
export function idOf(address: string): string {
  const plain = address.replace(/^data\./, "").replace(/\bdata\.(?=azurerm_)/, "");
  const [, modules = "", , name = "", index = ""] =
    /^((?:module\.[^.[]+(?:\[[^\]]*\])?\.)*)([a-z0-9_]+)\.([A-Za-z0-9_-]+)(.*)$/.exec(plain) ?? [];
  return [modules, name, index]
    .join("_")
    .replace(/[^A-Za-z0-9-]+/g, "_")
    .replace(/^_+|_+$/g, "");
}

interface Expression {
  readonly references?: readonly string[];
  readonly constant_value?: unknown;
}

/** A module as an address names it: `module.spoke["apps"]`. */
interface ModuleAt {
  readonly name: string;
  /** `["apps"]`, `[0]`; empty where there is one. */
  readonly key: string;
}

/** The configuration's expressions: what refers to what, through modules' variables and outputs. */
export class Configuration {
  constructor(
    private readonly root: unknown,
    private readonly instances: Instances,
    /** Of the root module's variables. */
    private readonly values: Readonly<Record<string, unknown>>,
  ) {}

  /** The reference at a path of a resource's attributes; nothing where the configuration has none there. */
  referenceAt(address: string, path: readonly (string | number)[]): string | undefined {
    const { modules, type, name, key } = partsOf(address);
    const module = this.moduleAt(modules);
    const resources = (module?.resources ?? []) as readonly { type: string; name: string; expressions?: unknown }[];
    const found = resources.find((each) => each.type === type && each.name === name);
    const references = expressionAt(found?.expressions, path)?.references ?? [];
    const position = references.includes("count.index") ? /^\[(\d+)\]$/.exec(key)?.[1] : undefined;
    const resource = address.replace(/\bdata\./, "").slice(0, -key.length);
    const member = position === undefined ? {} : { member: { position, of: this.instances.keysOf(resource).length } };
    return this.resolve(references, { modules, key, ...member });
  }

  private moduleAt(modules: readonly ModuleAt[]): ModuleConfiguration | undefined {
    let module = this.root as ModuleConfiguration | undefined;
    for (const { name } of modules) module = module?.module_calls?.[name]?.module;
    return module;
  }

  /** @param at where the references are, and for what they are looked up */
  private resolve(references: readonly string[], { modules, key, member }: Asking): string | undefined {
    const wholes = wholeOf(references);
    // As many references as there are instances that ask: each asks for the one at its own position.
    const isList = member !== undefined && wholes.length > 1 && wholes.length === member.of;
    const first = isList ? wholes[Number(member.position)] : wholes[0];
    if (first === undefined) return undefined;
    const asked = isList ? {} : { ...(member ? { member } : {}) };
    const own = references.some((each) => /^(each|count)\./.test(each)) ? key : "";
    const [, variable] = /^var\.([^.[]+)/.exec(first) ?? [];
    if (variable !== undefined) {
      const parent = modules.slice(0, -1);
      const call = modules.at(-1);
      const { expressions } = this.moduleAt(parent)?.module_calls?.[call?.name ?? ""] ?? {};
      const given = expressionAt(expressions, [variable])?.references ?? [];
      return this.resolve(given, { modules: parent, key: call?.key ?? "", ...asked });
    }
    const locals = references.filter((each) => each.startsWith("local."));
    const [, called, calledKey = "", output, index = ""] =
      /^module\.([^.[]+)(\[[^\]]*\])?\.([^.[]+)(\[[^\]]*\])?/.exec(first) ?? [];
    if (called !== undefined && output !== undefined) {
      const inside = [...modules, { name: called, key: calledKey === "" ? own : calledKey }];
      const { expression } = (this.moduleAt(inside)?.outputs?.[output] ?? {}) as { readonly expression?: Expression };
      const wanted = index === "" ? this.keyIn(references, modules) : index;
      // What an output holds is looked up by what asks for it.
      return this.resolve([...(expression?.references ?? []), ...locals], { modules: inside, key: wanted, ...asked });
    }
    return this.referenceOf(first, { modules, key: own === "" ? key : own, ...asked }, locals);
  }

  /** `module.network.subnets[var.name]` is listed as the output, and then the variable. */
  private keyIn(references: readonly string[], modules: readonly ModuleAt[]): string {
    const variables = references.flatMap((each) => /^var\.([^.[]+)$/.exec(each)?.[1] ?? []);
    const [only, another] = variables;
    const value = only === undefined || another !== undefined ? undefined : this.valueOf(only, modules);
    return typeof value === "string" ? `[${JSON.stringify(value)}]` : "";
  }

  /** What a variable is, where that is written as a constant. */
  private valueOf(variable: string, modules: readonly ModuleAt[]): unknown {
    const call = modules.at(-1);
    if (!call) return this.values[variable];
    const parent = modules.slice(0, -1);
    const given = expressionAt(this.moduleAt(parent)?.module_calls?.[call.name]?.expressions, [variable]);
    if (!given) return this.moduleAt(modules)?.variables?.[variable]?.default;
    if (given.constant_value !== undefined) return given.constant_value;
    const [only, another] = given.references ?? [];
    const [, name] = /^var\.([^.[]+)$/.exec(only ?? "") ?? [];
    return name === undefined || another !== undefined ? undefined : this.valueOf(name, parent);
  }

  /** @param locals of which the plan does not hold the values */
  private referenceOf(
    reference: string,
    { modules, key, member }: Asking,
    locals: readonly string[],
  ): string | undefined {
    const [, data = "", type, name, rest = ""] = /^(data\.)?([a-z0-9_]+)\.([A-Za-z0-9_-]+)(.*)$/.exec(reference) ?? [];
    if (type === undefined || name === undefined) return undefined;
    const [, own = "", attribute = ""] = /^(\[[^\]]*\])?(.*)$/.exec(rest) ?? [];
    const resource = `${modules.map((module) => `module.${module.name}${module.key}.`).join("")}${type}.${name}`;
    const kind = data === "" ? type : `data_${type}`;
    // An attribute of the whole is the instance's, where there are several.
    const isWhole = own === "" && attribute === "";
    const keys = this.instances.keysOf(resource);
    const position = isWhole && key === "" && keys.length === member?.of ? keys[Number(member.position)] : undefined;
    const id = this.instances.idOf(resource, position ?? (isWhole ? key : own));
    if (id === undefined) {
      const why =
        locals.length > 0 ? `the plan does not hold the value of ${locals.join(", ")}` : "the plan does not say which";
      // No reader takes this for a text, so that the message has the place where it is needed.
      return `\${one of ${resource}: ${why}}`;
    }
    return `\${${kind}.${id}${/^\.[a-z_]/.test(attribute) ? attribute : ".id"}}`;
  }
}

/** For what references are looked up. */
interface Asking {
  readonly modules: readonly ModuleAt[];
  /** Of the instance that refers, where the expression names `each` or `count`; or that an output was asked for. */
  readonly key: string;
  /** The position of the instance that asks, among all of them: `var.ids[count.index]`. */
  readonly member?: { readonly position: string; readonly of: number };
}

/** Terraform lists `a.b.c` and then `a.b`: the first is the whole. */
function wholeOf(references: readonly string[]): string[] {
  const named = references.filter((each) => !/^(each|count|path|local|terraform|self)\b/.test(each));
  return named.filter(
    (each, index) =>
      !named.slice(0, index).some((whole) => whole.startsWith(`${each}.`) || whole.startsWith(`${each}[`)),
  );
}

/** The instances of resources that a plan has. */
export class Instances {
  private readonly names: ReadonlyMap<string, unknown>;

  constructor(resources: readonly PlannedResource[]) {
    this.names = new Map(resources.map(({ address, values }) => [address.replace(/\bdata\./, ""), values.name]));
  }

  /** The keys of a resource's instances, in Terraform's order. */
  keysOf(resource: string): string[] {
    const keys = [...this.names.keys()].flatMap((address) =>
      address.startsWith(`${resource}[`) ? [address.slice(resource.length)] : [],
    );
    const number = (key: string) => Number(/^\[(\d+)\]$/.exec(key)?.[1]);
    const isCounted = keys.every((key) => !Number.isNaN(number(key)));
    return isCounted ? keys.sort((one, other) => number(one) - number(other)) : keys.sort();
  }

  /**
   * The key by which a stack has an instance; nothing where there are several, and it is not known which.
   *
   * @param key `["apps"]`, `[0]`, or empty. Where an output makes a map of instances, that is mostly by their names
   */
  idOf(resource: string, key: string): string | undefined {
    if (this.names.has(`${resource}${key}`)) return idOf(`${resource}${key}`);
    const others = this.keysOf(resource).map((each) => `${resource}${each}`);
    // A data source that is read during the apply is in no plan.
    if (others.length === 0) return idOf(`${resource}${key}`);
    const [named, another] = others.filter((address) => key !== "" && `["${String(this.names.get(address))}"]` === key);
    return named !== undefined && another === undefined ? idOf(named) : undefined;
  }
}

interface ModuleConfiguration {
  readonly variables?: Readonly<Record<string, { readonly default?: unknown }>>;
  readonly resources?: readonly unknown[];
  readonly outputs?: Readonly<Record<string, unknown>>;
  readonly module_calls?: Readonly<
    Record<string, { readonly module?: ModuleConfiguration; readonly expressions?: unknown }>
  >;
}

function partsOf(address: string): { modules: ModuleAt[]; type: string; name: string; key: string } {
  const plain = address.replace(/\bdata\./, "");
  const [, modules = "", type = "", name = "", key = ""] =
    /^((?:module\.[^.[]+(?:\[[^\]]*\])?\.)*)([a-z0-9_]+)\.([A-Za-z0-9_-]+)(.*)$/.exec(plain) ?? [];
  const named = [...modules.matchAll(/module\.([^.[]+)(\[[^\]]*\])?/g)];
  return { modules: named.map(([, module = "", own = ""]) => ({ name: module, key: own })), type, name, key };
}

/** Blocks are lists in values, and may be a list or one in expressions. */
function expressionAt(expressions: unknown, path: readonly (string | number)[]): Expression | undefined {
  let at = expressions;
  for (const key of path) {
    if (typeof at !== "object" || at === null) return undefined;
    if ("references" in at || "constant_value" in at) break;
    if (typeof key === "number") at = Array.isArray(at) ? (at as unknown[])[key] : at;
    else at = (at as Block)[key];
  }
  return at as Expression | undefined;
}
