import type { Verdict } from "../../proof/prove";
import { fileAndLine } from "./lines";
import type { CountedFindings } from "./suppressions";

/** What was checked and found, as `--json` prints it. */
export function resultOf(verdict: Verdict, { findings, suppressed, idle }: CountedFindings) {
  return {
    holds: findings.length === 0,
    checked: verdict.checked,
    unchecked: verdict.unchecked,
    findings: findings.map(({ origin, trace: steps, ...finding }) => ({
      ...finding,
      ...(origin ? { resource: origin.resource, at: fileAndLine(origin) } : {}),
      ...(steps ? { trace: steps.map(({ stage, by, why }) => ({ stage, by, why })) } : {}),
    })),
    suppressed: suppressed.map(({ finding, reason }) => ({ rule: finding.rule, what: finding.what, reason })),
    idleSuppressions: idle,
  };
}

/** The same for people. @param stacks how many there are */
export function textOf(
  stacks: number,
  { checked, unchecked, reach, unmodelled, findings: all }: Verdict,
  { findings, suppressed, idle }: CountedFindings,
): string {
  const classes = reach?.places.reduce((sum, place) => sum + reach.from(place).length, 0) ?? 0;
  const broken = new Set(all.map(({ rule }) => rule));
  return [
    `stacks: ${stacks}, places: ${reach?.places.length ?? 0}, classes of packets: ${classes}`,
    ...checked.map((name) => `${broken.has(name) ? "✖" : "✔"} ${name}`),
    ...(unchecked.length > 0
      ? [
          "",
          `Not checked, because ${reach ? "nothing declares what is meant" : "the model cannot be read"}: ${unchecked.join(", ")}`,
        ]
      : []),
    ...suppressed.map(({ finding, reason }) => `\nSuppressed: ${finding.rule}: ${finding.what}\n  because ${reason}`),
    ...idle.map(({ claim, what }) => `\nA suppression fits nothing any more: ${claim}: ${what}`),
    ...findings.map(
      ({ rule, severity, what, why, origin }) =>
        `\n${severity}: ${rule}: ${what}\n  ${why}${origin ? `\n  ${fileAndLine(origin)}` : ""}`,
    ),
    "",
    ...(unmodelled.length > 0 || !reach ? ["Nothing is proved: the model is not complete."] : []),
    findings.length === 0
      ? "Everything that was checked holds."
      : findings.length === 1
        ? "1 finding."
        : `${findings.length} findings.`,
    "",
  ].join("\n");
}
