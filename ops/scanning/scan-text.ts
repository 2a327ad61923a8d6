import { table } from "../frame/table";
import type { Judged } from "./accepted";
import type { Scan } from "./scan";

/** What was read, what is open, and what is accepted with which reason. */
export function scanText(scans: readonly Scan[], { open, accepted, idle }: Judged): string {
  const sections = [
    scans.map(({ scanner, read, findings }) => `${scanner}: ${read}; findings: ${findings.length}`).join("\n"),
    accepted.length === 0
      ? ""
      : `Accepted:\n\n${accepted
          .map(({ suppression: { check, on, reason }, findings }) => `  ${check}, ${findings} on ${on}:\n    ${reason}`)
          .join("\n")}`,
    // Another topology can have it: that is no mistake.
    idle.length === 0
      ? ""
      : `These suppressions accept nothing here: ${idle.map(({ check, on }) => `${check} on ${on}`).join(", ")}.`,
    open.length === 0
      ? ""
      : `Findings:\n\n${table(
          ["Check", "Where", "What"],
          open.map(({ check, where, what }) => [check, where, what]),
        )}`,
  ];
  return `${sections.filter((section) => section !== "").join("\n\n")}\n`;
}
