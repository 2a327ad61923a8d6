import type { Block } from "./cdktf-out";

/** What `${azurerm_subnet.workload-subnet.id}` names. */
export interface Reference {
  readonly type: string;
  readonly id: string;
  /** The first part of the path. */
  readonly attribute: string;
  /** `ip_configuration[0].private_ip_address` in its parts. */
  readonly path: readonly (string | number)[];
}

const NAMED = /^([a-z_0-9]+)\.([A-Za-z0-9_-]+)((?:\.[A-Za-z_0-9-]+|\[\d+\]|\.\d+)+)$/;
const ANYWHERE = /([a-z]+_[a-z_0-9]+)\.([A-Za-z0-9_-]+)/g;

/** The reference that a value is; nothing where it is another value, or holds more than a reference. */
export function referenceIn(value: unknown): Reference | undefined {
  // Most values are none, and are looked at more often than anything else.
  if (typeof value !== "string" || !value.startsWith("${")) return undefined;
  const [, expression] = /^\$\{([^{}]+)\}$/.exec(value) ?? [];
  const [, type, id, rest] = expression === undefined ? [] : (NAMED.exec(indexed(expression)) ?? []);
  if (type === undefined || id === undefined || rest === undefined) return undefined;
  const path = [...rest.matchAll(/\.([A-Za-z_0-9-]+)|\[(\d+)\]/g)].map(([, key = "", index]) =>
    index !== undefined || /^\d+$/.test(key) ? Number(index ?? key) : key,
  );
  // A resource with `count` has an index before its attributes.
  const attribute = path.find((part) => typeof part === "string");
  return attribute === undefined ? undefined : { type, id, attribute, path };
}

/** `element(list, 0)` is the list's first item; `list[*].id` of one, in an index, is not a reference. */
function indexed(expression: string): string {
  const [, list, index, rest] = /^element\((.+),\s*(\d+)\)(.*)$/.exec(expression.trim()) ?? [];
  return list === undefined || index === undefined ? expression.trim() : `${indexed(list)}[${index}]${rest ?? ""}`;
}

/** The addresses that a resource names: in `depends_on`, and anywhere in its attributes. The resource may not be one of its stack. */
export function referencesOf(block: Block): Set<string> {
  const text = JSON.stringify({ ...block, "//": undefined });
  return new Set([...text.matchAll(ANYWHERE)].map(([, type = "", id = ""]) => `${type}.${id}`));
}
