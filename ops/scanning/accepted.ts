import picomatch from "picomatch";
import type { CheckSuppression } from "../suppressions-file";
import type { ScannerFinding } from "./scan";

/** Findings that count; suppressions with how many findings each accepts, and those that accept none. */
export interface Judged {
  readonly open: readonly ScannerFinding[];
  readonly accepted: readonly { readonly suppression: CheckSuppression; readonly findings: number }[];
  readonly idle: readonly CheckSuppression[];
}

export function judged(findings: readonly ScannerFinding[], suppressions: readonly CheckSuppression[]): Judged {
  const rules = suppressions.map((suppression) => {
    // A glob that begins with an exclamation mark would accept everything but what it names.
    const names = picomatch(suppression.on, { dot: true, nonegate: true });
    return {
      suppression,
      fits: ({ check, type, place }: ScannerFinding) =>
        check === suppression.check && (type === suppression.on || names(place)),
    };
  });
  const used = new Map<CheckSuppression, number>();
  const open = findings.filter((finding) => {
    const rule = rules.find(({ fits }) => fits(finding));
    if (rule) used.set(rule.suppression, (used.get(rule.suppression) ?? 0) + 1);
    return rule === undefined;
  });
  return {
    open,
    accepted: suppressions.flatMap((suppression) => {
      const count = used.get(suppression);
      return count === undefined ? [] : [{ suppression, findings: count }];
    }),
    idle: suppressions.filter((each) => !used.has(each)),
  };
}
