import { secondsOf, timeSpanOf as timeSpanOfSeconds } from "../../topology/time-span";

/** Longer than any run: Service Bus' longest time span, which means never, is longer still. */
const LONGEST_MS = 100 * 365 * 86_400_000;

/** @returns milliseconds, `Infinity` for what is never; nothing where the text is no ISO 8601 time span */
export function millisecondsOf(text: string): number | undefined {
  const seconds = secondsOf(text);
  if (seconds === undefined) return undefined;
  return seconds * 1000 > LONGEST_MS ? Infinity : seconds * 1000;
}

/** A time span as Azure answers with it. */
export function timeSpanOf(milliseconds: number): string {
  return timeSpanOfSeconds(milliseconds / 1000);
}
