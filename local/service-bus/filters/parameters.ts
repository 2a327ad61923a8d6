import type { Parameters } from "../../azure/messaging";

/** A text in quotes, or a parameter's name. */
const TOKENS = /'(?:[^']|'')*'|"(?:[^"]|"")*"|(@[A-Za-z_]\w*)/g;

/** SQL with its parameters' values in their places. @param parameters by their names, with the `@` @throws Error where one has no value */
export function withParameters(sql: string, parameters: Parameters = {}): string {
  return sql.replace(TOKENS, (token, name?: string) => {
    if (name === undefined) return token;
    const value = parameters[name];
    if (value === undefined) throw new Error(`${name} has no value`);
    if (value instanceof Date) return `'${value.toISOString()}'`;
    return typeof value === "string" ? `'${value.replaceAll("'", "''")}'` : String(value);
  });
}
