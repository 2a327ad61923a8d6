/**
 * Data as Terraform takes it literally: `${` and `%{` begin its own expressions in every text and key of a stack (terraform#15011).
 */
export function escapedForTerraform<T>(data: T): T {
  return mapped(data, (text) => text.replace(/[$%](?=\{)/g, (sign) => sign + sign)) as T;
}

/** A text of a stack without references, as Terraform will read it. */
export function literalOf(text: string): string {
  return text.replace(/\$(?=\$\{)|%(?=%\{)/g, "");
}

/** The same for data, keys and all. */
export function literally(data: unknown): unknown {
  return mapped(data, literalOf);
}

function mapped(data: unknown, change: (text: string) => string): unknown {
  if (typeof data === "string") return change(data);
  if (Array.isArray(data)) return data.map((item) => mapped(item, change));
  if (typeof data !== "object" || data === null) return data;
  return Object.fromEntries(Object.entries(data).map(([key, value]) => [change(key), mapped(value, change)]));
}
