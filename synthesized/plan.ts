import { readFileSync } from "node:fs";
import { basename, dirname, resolve } from "node:path";
import { z } from "zod";
import { UsageError } from "../failure";
import type { Block, SynthesizedStack } from "./cdktf-out";

const resourceSchema = z.looseObject({
  address: z.string(),
  mode: z.string(),
  type: z.string(),
  name: z.string(),
  index: z.union([z.string(), z.number()]).optional(),
  values: z.record(z.string(), z.unknown()).default({}),
});
interface Module {
  readonly address?: string | undefined;
  readonly resources?: readonly z.infer<typeof resourceSchema>[] | undefined;
  readonly child_modules?: readonly Module[] | undefined;
}
const moduleSchema: z.ZodType<Module> = z.lazy(() =>
  z.looseObject({
    address: z.string().optional(),
    resources: z.array(resourceSchema).optional(),
    child_modules: z.array(moduleSchema).optional(),
  }),
);
const planSchema = z.looseObject({
  format_version: z.string(),
  planned_values: z.looseObject({ root_module: moduleSchema }),
  resource_changes: z
    .array(
      z.looseObject({
        address: z.string(),
        change: z.looseObject({ actions: z.array(z.string()), after_unknown: z.unknown() }),
      }),
    )
    .default([]),
  configuration: z.looseObject({ root_module: z.unknown() }).optional(),
  prior_state: z.looseObject({ values: z.looseObject({ root_module: moduleSchema }).optional() }).optional(),
});

/**
 * Plans, as `terraform show -json` writes them, as if each were a stack: what is known after the apply is taken as it is, and what is not known yet becomes the reference that the
 * configuration has there.
 *
 * @throws UsageError where a file is no such plan
 */
export function stacksFromPlans(files: readonly string[]): SynthesizedStack[] {
  const plans = files.map((file) => ({ file: resolve(file), plan: planIn(file) }));
  // Plans that are read together name each other's resources.
  const any = plans.map(({ plan }) => subscriptionIn(plan)).find((found) => found !== undefined) ?? SUBSCRIPTION;
  return plans.map(({ file, plan }) => stackOf(plan, file, subscriptionIn(plan) ?? any));
}

/** The provider's subscription, else that of the ids in a plan. */
function subscriptionIn({ planned_values: values, configuration }: Plan): string | undefined {
  const providers = JSON.stringify(configuration?.provider_config ?? {});
  const [, constant] = /"subscription_id":\{"constant_value":"([^"]+)"/.exec(providers) ?? [];
  if (constant !== undefined) return constant;
  return /\/subscriptions\/([0-9a-f-]{36})/i.exec(JSON.stringify(values))?.[1];
}

function planIn(file: string): Plan {
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(file, "utf8"));
  } catch (error) {
    throw new UsageError(`The plan ${file} cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }
  const parsed = planSchema.safeParse(value);
  if (!parsed.success)
    throw new UsageError(`${file} is no plan: write it with terraform show -json <plan file> > ${basename(file)}.`);
  return parsed.data;
}

type Plan = z.infer<typeof planSchema>;

/** The subscription in ids that are computed, where no id of the plan says another. */
const SUBSCRIPTION = "00000000-0000-0000-0000-000000000000";

function stackOf(plan: Plan, file: string, subscription: string): SynthesizedStack {
  const configuration = new Configuration(plan.configuration?.root_module);
  const unknowns = new Map(plan.resource_changes.map(({ address, change }) => [address, change.after_unknown]));
  const resources: Record<string, Record<string, Block>> = {};
  const planned = resourcesIn(plan.planned_values.root_module);
  // Data sources are read before the plan, and are in the state that it starts from.
  const read = resourcesIn(plan.prior_state?.values?.root_module ?? {}).filter(({ mode }) => mode === "data");
  for (const { address, type, values, mode } of [...planned, ...read]) {
    const unknown = unknowns.get(address);
    const filled = fill(values, unknown, (path) => configuration.referenceAt(address, path)) as Block;
    const kind = mode === "data" ? `data_${type}` : type;
    (resources[kind] ??= {})[idOf(address)] = { ...filled, "//": { address } };
  }
  const name = basename(file).replace(/\.json$/, "");
  return {
    name,
    dependencies: [],
    directory: dirname(file),
    file,
    json: { resource: resources, locals: { subscription } },
  };
}

function resourcesIn(module: Module): readonly z.infer<typeof resourceSchema>[] {
  return [...(module.resources ?? []), ...(module.child_modules ?? []).flatMap(resourcesIn)];
}

/** An address as a key that references can name: `module.spoke.azurerm_subnet.this["a"]` is `module_spoke_this_a`. */
function idOf(address: string): string {
  const plain = address.replace(/^data\./, "").replace(/\bdata\.(?=azurerm_)/, "");
  const [, modules = "", , name = "", index = ""] =
    /^((?:module\.[^.[]+(?:\[[^\]]*\])?\.)*)([a-z0-9_]+)\.([A-Za-z0-9_-]+)(.*)$/.exec(plain) ?? [];
  return [modules, name, index]
    .join("_")
    .replace(/[^A-Za-z0-9-]+/g, "_")
    .replace(/^_+|_+$/g, "");
}

/** Puts a reference wherever a value is known only after the apply. */
function fill(
  value: unknown,
  unknown: unknown,
  reference: (path: readonly (string | number)[]) => string | undefined,
  path: readonly (string | number)[] = [],
): unknown {
  if (unknown === true) return reference(path);
  // A plan writes what is not set as an empty text.
  if (value === "") return undefined;
  if (Array.isArray(unknown) || Array.isArray(value)) {
    const [list, unknowns] = [value, unknown].map((each) => (Array.isArray(each) ? (each as unknown[]) : []));
    return Array.from({ length: Math.max(list?.length ?? 0, unknowns?.length ?? 0) }, (_, index) =>
      fill(list?.[index], unknowns?.[index], reference, [...path, index]),
    );
  }
  const isBlock = (each: unknown) => typeof each === "object" && each !== null;
  if (!isBlock(value) && !isBlock(unknown)) return value;
  const known = (isBlock(unknown) ? unknown : {}) as Block;
  const block = (isBlock(value) ? value : {}) as Block;
  const keys = new Set([...Object.keys(block), ...Object.keys(known)]);
  return Object.fromEntries(
    [...keys].flatMap((key) => {
      const filled = fill(block[key], known[key], reference, [...path, key]);
      return filled === undefined ? [] : [[key, filled]];
    }),
  );
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
class Configuration {
  constructor(private readonly root: unknown) {}

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
      return this.resolve(expression?.references ?? [], inside, index);
    }
    return referenceOf(first, modules, own === "" ? key : own);
  }
}

interface ModuleConfiguration {
  readonly resources?: readonly unknown[];
  readonly outputs?: Readonly<Record<string, unknown>>;
  readonly module_calls?: Readonly<
    Record<string, { readonly module?: ModuleConfiguration; readonly expressions?: unknown }>
  >;
}

/** @param key of the instance, where the reference names none: that which refers has it, or an output was asked for it */
function referenceOf(reference: string, modules: readonly ModuleAt[], key: string): string | undefined {
  const [, data = "", type, name, rest = ""] = /^(data\.)?([a-z0-9_]+)\.([A-Za-z0-9_-]+)(.*)$/.exec(reference) ?? [];
  if (type === undefined || name === undefined) return undefined;
  const [, own = "", attribute = ""] = /^(\[[^\]]*\])?(.*)$/.exec(rest) ?? [];
  const prefix = modules.map((module) => `module.${module.name}${module.key}.`).join("");
  const kind = data === "" ? type : `data_${type}`;
  const id = (instance: string) => idOf(`${prefix}${type}.${name}${instance}`);
  // An attribute of the whole is the instance's, where there are several.
  const instance = own === "" && attribute === "" ? key : own;
  return `\${${kind}.${id(instance)}${/^\.[a-z_]/.test(attribute) ? attribute : ".id"}}`;
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
