import type { Origin } from "../origin";

/** What is inside a document. */
export type Body = Readonly<Record<string, unknown>>;

/** A resource as Resource Manager shows it. */
export interface ArmDocument extends Body {
  readonly id: string;
  readonly name: string;
  readonly type: string;
}

/** Documents by their types. */
export class Documents {
  constructor(private readonly documents: readonly ArmDocument[]) {}

  /** @param type in any case */
  of(type: string): readonly ArmDocument[] {
    const wanted = type.toLowerCase();
    return this.documents.filter((each) => each.type.toLowerCase() === wanted);
  }

  get(id: string | undefined): ArmDocument | undefined {
    const wanted = id?.toLowerCase();
    return this.documents.find((each) => each.id.toLowerCase() === wanted);
  }

  /** Those of a type below another resource. */
  below(parent: ArmDocument, type: string): readonly ArmDocument[] {
    const start = `${parent.id.toLowerCase()}/`;
    return this.of(type).filter(({ id }) => id.toLowerCase().startsWith(start));
  }
}

export function propertiesOf(body: Body | undefined): Body {
  return bodyOf(body, "properties");
}

export function bodyOf(body: Body | undefined, key: string): Body {
  const value = body?.[key];
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Body) : {};
}

export function bodiesOf(body: Body | undefined, key: string): readonly Body[] {
  const value = body?.[key];
  return Array.isArray(value) ? (value as Body[]) : [];
}

export function stringOf(body: Body | undefined, key: string): string | undefined {
  const value = body?.[key];
  return typeof value === "string" && value !== "" ? value : undefined;
}

export function stringsOf(body: Body | undefined, key: string): readonly string[] {
  const value = body?.[key];
  return Array.isArray(value) ? value.filter((each) => typeof each === "string") : [];
}

/** The id of what a property refers to, in lower case: `{ "id": "…" }`. */
export function referenceOf(body: Body | undefined, key: string): string | undefined {
  return stringOf(bodyOf(body, key), "id")?.toLowerCase();
}

/** @throws Error where there is none */
export function need(body: Body | undefined, key: string, of: ArmDocument): string {
  const value = stringOf(body, key);
  if (value === undefined) throw new Error(`${of.id} has no ${key}.`);
  return value;
}

/** What every item has. */
export function itemOf({ id, name }: ArmDocument): {
  readonly id: string;
  readonly name: string;
  readonly origin: Origin;
} {
  return { id: id.toLowerCase(), name: name.split("/").at(-1) ?? name, origin: originOf(id) };
}

export function originOf(id: string): Origin {
  return { resource: id, keys: [] };
}
