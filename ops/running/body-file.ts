import { readFileSync } from "node:fs";
import { UsageError } from "../../failure";

/** Fields that a run sets in each message itself. */
type Body = Readonly<Record<string, unknown>>;

/**
 * Bodies for messages, from a file: a JSON object for all of them, or a list of objects, by turns.
 *
 * @throws UsageError where it is anything else
 */
export function bodiesIn(file: string): (index: number) => Body {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    throw new UsageError(`--body names ${file}, which cannot be read: ${(error as Error).message}`);
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new UsageError(`--body names ${file}, which is no JSON: ${(error as Error).message}`);
  }
  const bodies: unknown[] = Array.isArray(value) ? value : [value];
  if (bodies.length === 0 || !bodies.every(isObject)) {
    throw new UsageError(`--body names ${file}, which is neither a JSON object nor a list of objects.`);
  }
  return (index) => bodies[(index - 1) % bodies.length] as Body;
}

function isObject(value: unknown): value is Body {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
