import { readFileSync } from "node:fs";
import { basename, dirname, resolve } from "node:path";
import { z } from "zod";
import { UsageError } from "../failure";
import type { Block, SynthesizedStack } from "./cdktf-out";
import { Configuration, idOf, Instances } from "./plan-configuration";

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
  variables: z.record(z.string(), z.looseObject({ value: z.unknown() })).default({}),
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
  const unknowns = new Map(plan.resource_changes.map(({ address, change }) => [address, change.after_unknown]));
  const resources: Record<string, Record<string, Block>> = {};
  const planned = resourcesIn(plan.planned_values.root_module);
  // Data sources are read before the plan, and are in the state that it starts from.
  const read = resourcesIn(plan.prior_state?.values?.root_module ?? {}).filter(({ mode }) => mode === "data");
  const configuration = new Configuration(
    plan.configuration?.root_module,
    new Instances([...planned, ...read]),
    Object.fromEntries(Object.entries(plan.variables).map(([variable, { value }]) => [variable, value])),
  );
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
