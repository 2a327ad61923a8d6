import { existsSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { z } from "zod";
import { UsageError } from "../../failure";
import type { Finding } from "../../proof/prove";
import { mistakesText } from "./mistakes-text";

/** Beside topology.ts. It is read where it exists. */
export const SUPPRESSIONS = "suppressions.json";

const ROOT = resolve(__dirname, "../..");

const schema = z.array(
  z.strictObject({
    claim: z.string().min(1),
    /** A part of the finding's sentence. */
    what: z.string().min(1),
    reason: z.string().min(10, "a reason of ten characters or more"),
  }),
);

export type Suppression = z.infer<typeof schema>[number];

/** Findings that count, and those that do not, each with the reason. */
export interface CountedFindings {
  readonly findings: readonly Finding[];
  readonly suppressed: readonly { readonly finding: Finding; readonly reason: string }[];
  /** Suppressions that suppress nothing any more. */
  readonly idle: readonly Suppression[];
}

/**
 * @param named a file that the user names. @default suppressions.json beside topology.ts, where there is one
 * @throws UsageError where the file is not what it should be
 */
export function suppressionsIn(named?: string): readonly Suppression[] {
  const file = named ?? resolve(ROOT, SUPPRESSIONS);
  if (!existsSync(file)) {
    if (named === undefined) return [];
    throw new UsageError(`--suppressions ${named} is no file.`);
  }
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(file, "utf8"));
  } catch (error) {
    throw new UsageError(`${file} is no JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new UsageError(
    `${file}:\n${mistakesText(parsed.error)}\nEach entry has "claim", "what" (a part of the finding's sentence) and "reason" (ten characters or more).`,
  );
}

export function withSuppressions(findings: readonly Finding[], suppressions: readonly Suppression[]): CountedFindings {
  const fits = ({ claim, what }: Suppression, finding: Finding) =>
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
