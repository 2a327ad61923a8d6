import type { Block } from "./cdktf-out";

/** What `${azurerm_subnet.workload-subnet.id}` names. */
export interface Reference {
  readonly type: string;
  readonly id: string;
  readonly attribute: string;
}

const WHOLE = /^\$\{([a-z_0-9]+)\.([A-Za-z0-9_-]+)\.([a-z_0-9]+)\}$/;
const ANYWHERE = /([a-z]+_[a-z_0-9]+)\.([A-Za-z0-9_-]+)/g;

/** The reference that a value is; nothing where it is another value, or holds more than a reference. */
export function referenceIn(value: unknown): Reference | undefined {
  const [, type, id, attribute] = typeof value === "string" ? (WHOLE.exec(value) ?? []) : [];
  return type === undefined || id === undefined || attribute === undefined ? undefined : { type, id, attribute };
}

/** The addresses that a resource names: in `depends_on`, and anywhere in its attributes. The resource may not be one of its stack. */
export function referencesOf(block: Block): Set<string> {
  const text = JSON.stringify({ ...block, "//": undefined });
  return new Set([...text.matchAll(ANYWHERE)].map(([, type = "", id = ""]) => `${type}.${id}`));
}
