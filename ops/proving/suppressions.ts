import type { Finding } from "../../proof/prove";
import type { ClaimSuppression } from "../suppressions-file";

/** Findings that count, and those that do not, each with the reason. */
export interface CountedFindings {
  readonly findings: readonly Finding[];
  readonly suppressed: readonly { readonly finding: Finding; readonly reason: string }[];
  /** Suppressions that suppress nothing any more. */
  readonly idle: readonly ClaimSuppression[];
}

export function withSuppressions(
  findings: readonly Finding[],
  suppressions: readonly ClaimSuppression[],
): CountedFindings {
  const fits = ({ claim, what }: ClaimSuppression, finding: Finding) =>
    finding.rule === claim && finding.what.includes(what);
  return {
    findings: findings.filter((finding) => !suppressions.some((each) => fits(each, finding))),
    suppressed: findings.flatMap((finding) => {
      const found = suppressions.find((each) => fits(each, finding));
      return found ? [{ finding, reason: found.reason }] : [];
    }),
    idle: suppressions.filter((each) => !findings.some((finding) => fits(each, finding))),
  };
}
