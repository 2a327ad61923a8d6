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
  ) {}

  /** The reference at a path of a resource's attributes; nothing where the configuration has none there. */
  referenceAt(address: string, path: readonly (string | number)[]): string | undefined {
    const { modules, type, name, key } = partsOf(address);
    const module = this.moduleAt(modules);
    const resources = (module?.resources ?? []) as readonly { type: string; name: string; expressions?: unknown }[];
    const found = resources.find((each) => each.type === type && each.name === name);
    return this.resolve(expressionAt(found?.expressions, path)?.references ?? [], modules, key);
  }

  private moduleAt(modules: readonly ModuleAt[]): ModuleConfiguration | undefined {
    let module = this.root as ModuleConfiguration | undefined;
    for (const { name } of modules) module = module?.module_calls?.[name]?.module;
    return module;
  }

  /**
   * Terraform lists `a.b.c` and then `a.b`: the first is the whole.
   *
   * @param key of the instance that refers: it refers to the instance of the same key, where the expression names `each` or `count`
   */
  private resolve(references: readonly string[], modules: readonly ModuleAt[], key: string): string | undefined {
    const [first] = references.filter((each) => !/^(each|count|path|local|terraform|self)\b/.test(each));
    if (first === undefined) return undefined;
    const own = references.some((each) => /^(each|count)\./.test(each)) ? key : "";
    const [, variable] = /^var\.([^.[]+)/.exec(first) ?? [];
    if (variable !== undefined) {
      const parent = modules.slice(0, -1);
      const call = modules.at(-1);
      const { expressions } = this.moduleAt(parent)?.module_calls?.[call?.name ?? ""] ?? {};
      return this.resolve(expressionAt(expressions, [variable])?.references ?? [], parent, call?.key ?? "");
    }
    const [, called, calledKey = "", output, index = ""] =
      /^module\.([^.[]+)(\[[^\]]*\])?\.([^.[]+)(\[[^\]]*\])?/.exec(first) ?? [];
    if (called !== undefined && output !== undefined) {
      const inside = [...modules, { name: called, key: calledKey === "" ? own : calledKey }];
      const { expression } = (this.moduleAt(inside)?.outputs?.[output] ?? {}) as { readonly expression?: Expression };
      // What an output holds is looked up by what asks for it.
      const asking = references.filter((each) => each.startsWith("local."));
      return this.resolve([...(expression?.references ?? []), ...asking], inside, index);
    }
    const locals = references.filter((each) => each.startsWith("local."));
    return this.referenceOf(first, modules, own === "" ? key : own, locals);
  }

  /**
   * @param key of the instance, where the reference names none: that which refers has it, or an output was asked for it
   * @param locals of which the plan does not hold the values
   */
  private referenceOf(
    reference: string,
    modules: readonly ModuleAt[],
    key: string,
    locals: readonly string[],
  ): string | undefined {
    const [, data = "", type, name, rest = ""] = /^(data\.)?([a-z0-9_]+)\.([A-Za-z0-9_-]+)(.*)$/.exec(reference) ?? [];
    if (type === undefined || name === undefined) return undefined;
    const [, own = "", attribute = ""] = /^(\[[^\]]*\])?(.*)$/.exec(rest) ?? [];
    const prefix = modules.map((module) => `module.${module.name}${module.key}.`).join("");
    const kind = data === "" ? type : `data_${type}`;
    // An attribute of the whole is the instance's, where there are several.
    const instance = own === "" && attribute === "" ? key : own;
    const id = this.instances.idOf(`${prefix}${type}.${name}`, instance);
    if (id === undefined) {
      const why =
        locals.length > 0 ? `the plan does not hold the value of ${locals.join(", ")}` : "the plan does not say which";
      // No reader takes this for a text, so that the message has the place where it is needed.
      return `\${one of ${prefix}${type}.${name}: ${why}}`;
    }
    return `\${${kind}.${id}${/^\.[a-z_]/.test(attribute) ? attribute : ".id"}}`;
  }
}

/** The instances of resources that a plan has. */
export class Instances {
  private readonly names: ReadonlyMap<string, unknown>;

  constructor(resources: readonly PlannedResource[]) {
    this.names = new Map(resources.map(({ address, values }) => [address.replace(/\bdata\./, ""), values.name]));
  }

  /**
   * The key by which a stack has an instance; nothing where there are several, and it is not known which.
   *
   * @param key `["apps"]`, `[0]`, or empty. Where an output makes a map of instances, that is mostly by their names
   */
  idOf(resource: string, key: string): string | undefined {
    if (this.names.has(`${resource}${key}`)) return idOf(`${resource}${key}`);
    const others = [...this.names.keys()].filter((address) => address.startsWith(`${resource}[`));
    // A data source that is read during the apply is in no plan.
    if (others.length === 0) return idOf(`${resource}${key}`);
    const [named, another] = others.filter((address) => key !== "" && `["${String(this.names.get(address))}"]` === key);
    return named !== undefined && another === undefined ? idOf(named) : undefined;
  }
}

interface ModuleConfiguration {
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
