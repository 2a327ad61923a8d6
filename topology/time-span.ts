/** .NET's longest time span, in seconds: what Azure writes for "never". */
const LONGEST_SECONDS = 922_337_203_685;
const LONGEST = "P10675199DT2H48M5.4775807S";

const SPAN =
  /^P(?=\d|T\d)(?:(?<days>\d+)D)?(?:T(?=\d)(?:(?<hours>\d+)H)?(?:(?<minutes>\d+)M)?(?:(?<seconds>\d+(?:\.\d+)?)S)?)?$/;

const UNITS = [
  ["D", 86_400],
  ["H", 3600],
  ["M", 60],
] as const;

/** Seconds of an ISO 8601 time span without years and months; nothing where the text is none. */
export function secondsOf(text: string): number | undefined {
  const parts: Partial<Record<string, string>> | undefined = SPAN.exec(text)?.groups;
  if (!parts) return undefined;
  const { days = 0, hours = 0, minutes = 0, seconds = 0 } = parts;
  return Number(days) * 86_400 + Number(hours) * 3_600 + Number(minutes) * 60 + Number(seconds);
}

/**
 * A time span as Azure returns it, from any form: 90 minutes are PT1H30M, 60 seconds PT1M. Another form in a stack would
 * be a change at every plan (terraform-provider-azurerm#23813).
 */
export function timeSpanOf(seconds: number): string {
  if (seconds >= LONGEST_SECONDS) return LONGEST;
  let left = seconds;
  const parts = UNITS.map(([unit, length]) => {
    const count = Math.floor(left / length);
    left -= count * length;
    return count === 0 ? "" : `${count}${unit}`;
  });
  const [days, ...clock] = [...parts, left === 0 ? "" : `${Number(left.toFixed(7))}S`];
  const time = clock.join("");
  return days === "" && time === "" ? "PT0S" : `P${days}${time === "" ? "" : `T${time}`}`;
}
