/** App settings, as the function app carries them. */
export type Settings = Readonly<Record<string, string | undefined>>;

/** The prefix of the Service Bus connection's settings, and what the triggers name as their connection. */
export const CONNECTION = "ServiceBus";

/** @throws Error that names the setting, so that a broken app says so when it loads and not at its first message */
export function required(settings: Settings, name: string): string {
  const value = settings[name];
  if (value === undefined || value === "") throw new Error(`The app setting ${name} is missing.`);
  return value;
}

/**
 * A setting that holds a JSON list.
 *
 * @throws Error that names the setting
 */
export function list(settings: Settings, name: string): readonly unknown[] {
  const value = json(settings, name);
  if (!Array.isArray(value)) throw new Error(`The app setting ${name} is not a JSON list.`);
  return value as unknown[];
}

/** @throws Error that names the setting where it is missing or no JSON */
export function json(settings: Settings, name: string): unknown {
  const text = required(settings, name);
  try {
    return JSON.parse(text) as unknown;
  } catch (cause) {
    throw new Error(`The app setting ${name} is not JSON.`, { cause });
  }
}

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
