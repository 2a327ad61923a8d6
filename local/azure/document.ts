/** What is inside a document, as JSON. */
export type Body = Readonly<Record<string, unknown>>;

/** A resource as Resource Manager shows it. */
export interface ArmDocument extends Body {
  readonly id: string;
  readonly name: string;
  readonly type: string;
}

/** The object under a key; an empty one where there is none. */
export function bodyOf(body: Body | undefined, key: string): Body {
  const value = body?.[key];
  return isBody(value) ? value : {};
}

export function propertiesOf(body: Body | undefined): Body {
  return bodyOf(body, "properties");
}

/** The objects in the list under a key; none where there is no list. */
export function bodiesOf(body: Body | undefined, key: string): readonly Body[] {
  const value = body?.[key];
  return Array.isArray(value) ? value.filter(isBody) : [];
}

export function stringOf(body: Body | undefined, key: string): string | undefined {
  const value = body?.[key];
  return typeof value === "string" ? value : undefined;
}

export function stringsOf(body: Body | undefined, key: string): readonly string[] {
  const value = body?.[key];
  return Array.isArray(value) ? value.filter((item) => typeof item === "string") : [];
}

/** The id of what a property refers to: `{ "id": "…" }`. */
export function referenceOf(body: Body | undefined, key: string): string | undefined {
  return stringOf(bodyOf(body, key), "id");
}

/** Without what was not given: a read shows no null that was not written. */
export function withoutNulls(body: Body): Body {
  return Object.fromEntries(Object.entries(body).filter(([, value]) => value !== null && value !== undefined));
}

function isBody(value: unknown): value is Body {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
