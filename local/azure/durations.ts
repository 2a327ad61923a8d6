import { secondsOf } from "../../topology/fields";

/** Longer than any run: Service Bus' longest time span, which means never, is longer still. */
const LONGEST_MS = 100 * 365 * 86_400_000;

/** .NET's longest time span. */
const NEVER = "P10675199DT2H48M5.4775807S";

const UNITS = [
  ["D", 86_400],
  ["H", 3600],
  ["M", 60],
] as const;

/** @returns milliseconds, `Infinity` for what is never; nothing where the text is no ISO 8601 time span */
export function millisecondsOf(text: string): number | undefined {
  const seconds = secondsOf(text);
  if (seconds === undefined) return undefined;
  return seconds * 1000 > LONGEST_MS ? Infinity : seconds * 1000;
}

/** A time span as Azure answers with it, whatever form it was written in: 90 minutes are PT1H30M. */
export function timeSpanOf(milliseconds: number): string {
  if (milliseconds === Infinity) return NEVER;
  let seconds = milliseconds / 1000;
  const parts = UNITS.map(([unit, length]) => {
    const count = Math.floor(seconds / length);
    seconds -= count * length;
    return count === 0 ? "" : `${count}${unit}`;
  });
  const [days, ...clock] = [...parts, seconds === 0 ? "" : `${seconds}S`];
  const time = clock.join("");
  return days === "" && time === "" ? "PT0S" : `P${days}${time === "" ? "" : `T${time}`}`;
}
