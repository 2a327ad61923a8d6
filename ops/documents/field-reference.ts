import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { saidBy } from "../../topology/fields";
import { topologySchema } from "../../topology/schema";
import { REFERENCE, ROOT } from "./reference";

/** A field of the topology, as the reference shows it. */
export interface FieldEntry {
  /** `stamps[].regions[].hub.name`. */
  readonly path: string;
  readonly meaning: string;
  readonly unit?: string;
  /** As JSON. @default the field has none: it is needed or optional, or an object whose fields have defaults */
  readonly default?: string;
  readonly presence: "needed" | "optional" | "its fields' defaults";
  readonly limits: string;
  /** As JSON. */
  readonly example?: string;
  /** The field's own fields, where it is an object or a list of objects. */
  readonly fields: readonly FieldEntry[];
}

/** Every field of the topology, in the order of the schema. */
export function fieldEntries(): FieldEntry[] {
  const examples = exampleTopologies();
  return entriesOf(topologySchema, "", examples);
}

function entriesOf(schema: z.ZodType, at: string, examples: readonly unknown[]): FieldEntry[] {
  return objectsIn(schema).flatMap((object) =>
    Object.entries(object.shape).map(([key, field]): FieldEntry => {
      const path = at === "" ? key : `${at}.${key}`;
      const notes = notesOf(field);
      const inner = unwrapped(field);
      const element = inner instanceof z.ZodArray ? unwrapped(inner.element as z.ZodType) : inner;
      const within = objectsIn(element).length > 0 ? `${path}${inner instanceof z.ZodArray ? "[]" : ""}` : undefined;
      const standard = defaultOf(field);
      const example = exampleOf(inner) ?? notes.examples?.[0] ?? firstAt(examples, path) ?? standard ?? anyOf(inner);
      return {
        path,
        meaning: notes.description ?? "",
        ...(notes.unit === undefined ? {} : { unit: notes.unit }),
        ...(standard === undefined ? {} : { default: JSON.stringify(standard) }),
        presence: presenceOf(field),
        limits: limitsOf(inner),
        ...(example === undefined || within !== undefined ? {} : { example: shortened(JSON.stringify(example)) }),
        fields: within === undefined ? [] : entriesOf(element, within, examples),
      };
    }),
  );
}

function presenceOf(field: z.ZodType): FieldEntry["presence"] {
  if (field instanceof z.ZodPrefault) return "its fields' defaults";
  return field.safeParse(undefined).success ? "optional" : "needed";
}

interface Notes {
  readonly description?: string;
  readonly unit?: string;
  readonly examples?: readonly unknown[];
}

function notesOf(schema: z.ZodType): Notes {
  return schema.meta() ?? {};
}

/** Without what makes a field optional. */
function unwrapped(schema: z.ZodType): z.ZodType {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault) {
    return unwrapped(schema.unwrap() as z.ZodType);
  }
  return schema instanceof z.ZodPipe ? unwrapped(schema.in as z.ZodType) : schema;
}

/** An object, or the alternatives of a union, one after the other. */
function objectsIn(schema: z.ZodType): z.ZodObject<Record<string, z.ZodType>>[] {
  if (schema instanceof z.ZodObject) return [schema];
  if (schema instanceof z.ZodDiscriminatedUnion) {
    return (schema.options as z.ZodType[]).flatMap((option) => objectsIn(option));
  }
  return [];
}

/** A literal has one value: another alternative's would be wrong. */
function exampleOf(schema: z.ZodType): unknown {
  return schema instanceof z.ZodLiteral ? [...schema.values][0] : undefined;
}

/** A value for an example where neither the schema nor a topology gives one. */
function anyOf(schema: z.ZodType): unknown {
  if (schema instanceof z.ZodBoolean) return true;
  return schema instanceof z.ZodEnum ? schema.options[0] : undefined;
}

/** A default that is a value: an object whose fields have defaults has none of its own. */
function defaultOf(schema: z.ZodType): unknown {
  return schema instanceof z.ZodDefault ? schema.def.defaultValue : undefined;
}

/** What a value must be, in the words of the message that a wrong one gets. */
function limitsOf(schema: z.ZodType): string {
  if (schema instanceof z.ZodBoolean) return "`true` or `false`";
  if (schema instanceof z.ZodEnum) return choices(schema.options);
  if (schema instanceof z.ZodLiteral) return choices([...schema.values]);
  if (schema instanceof z.ZodArray) {
    const element = unwrapped(schema.element as z.ZodType);
    const size = between(lengthsOf(schema), "items");
    return `a list${size && ` with ${size}`}${objectsIn(element).length > 0 ? "" : `; each item is ${limitsOf(element)}`}`;
  }
  if (schema instanceof z.ZodRecord) return "names and texts";
  if (objectsIn(schema).length > 0) return "an object";
  if (schema instanceof z.ZodString && schema.def.checks === undefined) return "a text";
  const { error } = schema.safeParse(Symbol("nothing that any field takes"));
  const { expected } = saidBy(error?.issues[0]?.message ?? "");
  if (!/^Invalid input/.test(expected)) return expected;
  const length = between(lengthsOf(schema), "characters");
  return `a text${length && ` with ${length}`}`;
}

interface Lengths {
  readonly minimum?: number;
  readonly maximum?: number;
}

/** The fewest and most items of a list, or characters of a text. */
function lengthsOf(schema: z.ZodType): Lengths {
  const json = z.toJSONSchema(schema, { unrepresentable: "any", io: "input" });
  return { minimum: json.minItems ?? json.minLength, maximum: json.maxItems ?? json.maxLength };
}

function between({ minimum, maximum }: Lengths, unit: string): string {
  if (minimum !== undefined && maximum !== undefined) return `${minimum} to ${maximum} ${unit}`;
  if (minimum !== undefined) return `${minimum} or more ${unit}`;
  return maximum === undefined ? "" : `at most ${maximum} ${unit}`;
}

/** So many regions are listed by Azure's own command. */
const MOST_CHOICES = 16;

function choices(values: readonly unknown[]): string {
  if (values.length > MOST_CHOICES) return "one of `az account list-locations`";
  return values.map((value) => `\`${String(value)}\``).join(", ");
}

function exampleTopologies(): unknown[] {
  const folder = join(ROOT, "docs/examples");
  const others = readdirSync(folder).filter((name) => name.endsWith(".json") && name !== "mistaken.json");
  return [REFERENCE, ...others.map((name) => join(folder, name))].map(
    (path) => JSON.parse(readFileSync(path, "utf8")) as unknown,
  );
}

/** The first value that an example has at a path: lists are entered wherever the path does. */
function firstAt(examples: readonly unknown[], path: string): unknown {
  const keys = path.split(".");
  const values = keys.reduce<readonly unknown[]>(
    (at, key) =>
      at.flatMap((value) => {
        const next = (value as Readonly<Record<string, unknown>> | undefined)?.[key.replace("[]", "")];
        return key.endsWith("[]") ? (next ?? []) : next === undefined ? [] : [next];
      }),
    examples,
  );
  return values[0];
}

const LONGEST_EXAMPLE = 90;

function shortened(json: string): string {
  return json.length <= LONGEST_EXAMPLE ? json : `${json.slice(0, LONGEST_EXAMPLE - 1)}…`;
}
