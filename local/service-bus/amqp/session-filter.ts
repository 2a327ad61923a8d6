import { type Sender, type Source, types } from "rhea";

const NAME = "com.microsoft:session-filter";

/** The session that a receiver asks for: `null` is any; nothing: it asks for none. */
export function sessionAskedFor(link: Sender): string | null | undefined {
  const filter = filterOf(link);
  if (!filter || !(NAME in filter)) return undefined;
  const value = filter[NAME];
  const plain = isTyped(value) ? value.value : value;
  return typeof plain === "string" ? plain : null;
}

/** The source that tells a receiver which session it has, in the form in which it asked. */
export function sourceWithSession(link: Sender, sessionId: string): Source {
  const asked = filterOf(link)?.[NAME];
  const granted = types.wrap_string(sessionId);
  if (isTyped(asked) && asked.descriptor !== undefined) Object.assign(granted, { descriptor: asked.descriptor });
  return { address: link.source.address, filter: { [NAME]: granted } };
}

function filterOf(link: Sender): Readonly<Record<string, unknown>> | undefined {
  return (link.source as Source | undefined)?.filter as Readonly<Record<string, unknown>> | undefined;
}

function isTyped(value: unknown): value is { readonly value: unknown; readonly descriptor?: unknown } {
  return typeof value === "object" && value !== null && "value" in value;
}
