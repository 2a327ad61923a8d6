import { isObject, json, type Settings } from "../shared/settings";

/** The setting that holds what one request may bring: JSON as `writtenLimits` writes it. */
export const PRODUCER_LIMITS = "PRODUCER_LIMITS";

/** What one request may bring; more is answered 413 before it is parsed. */
export interface RequestLimits {
  /** Messages. */
  readonly items: number;
  /** Of the body. */
  readonly bytes: number;
  /** Whether ids belong to callers, whom App Service has authenticated. @default false: an id is the same for every sender */
  readonly idsByCaller?: boolean;
}

export function writtenLimits(limits: RequestLimits): string {
  return JSON.stringify(limits);
}

/** @throws Error that names the setting where it is missing or wrong */
export function requestLimits(settings: Settings): RequestLimits {
  const value = json(settings, PRODUCER_LIMITS);
  if (!isLimits(value)) throw new Error(`The app setting ${PRODUCER_LIMITS} has no items and bytes.`);
  return value;
}

function isLimits(value: unknown): value is RequestLimits {
  return (
    isObject(value) && [value.items, value.bytes].every((limit) => Number.isSafeInteger(limit) && Number(limit) > 0)
  );
}
