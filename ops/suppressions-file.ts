import { existsSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { z } from "zod";
import { UsageError } from "../failure";
import { mistakesText } from "./mistakes-text";

/** Beside topology.ts. */
export const SUPPRESSIONS = "suppressions.json";

const ROOT = resolve(__dirname, "..");

const reason = z.string().min(10, "a reason of ten characters or more");

/** Of a finding of the proof. */
const claim = z.strictObject({
  claim: z.string().min(1),
  /** A part of the finding's sentence. */
  what: z.string().min(1),
  reason,
});

/** Of findings of a scanner. */
const check = z.strictObject({
  /** As the scanner names it: CKV_AZURE_33. */
  check: z.string().min(1),
  /** A type of resource; or a glob over where the scanner found it: a construct's path behind the stack's name, or a workflow's file. */
  on: z.string().min(1),
  reason,
});

export type ClaimSuppression = z.infer<typeof claim>;
export type CheckSuppression = z.infer<typeof check>;

/** Findings that do not count, each with the reason. */
export interface Suppressions {
  readonly claims: readonly ClaimSuppression[];
  readonly checks: readonly CheckSuppression[];
}

/**
 * @param named a file that the user names. @default suppressions.json beside topology.ts, where there is one
 * @throws UsageError where the file is not what it should be
 */
export function suppressionsIn(named?: string): Suppressions {
  const file = named ?? resolve(ROOT, SUPPRESSIONS);
  if (!existsSync(file)) {
    if (named === undefined) return { claims: [], checks: [] };
    throw new UsageError(`--suppressions ${named} is no file.`);
  }
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(file, "utf8"));
  } catch (error) {
    throw new UsageError(`${file} is no JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
  const entries = z.array(z.record(z.string(), z.unknown())).safeParse(value);
  if (!entries.success) throw mistaken(file, entries.error);
  const mistakes: z.core.$ZodIssue[] = [];
  const read = <Entry>(index: number, entry: unknown, schema: z.ZodType<Entry>): Entry[] => {
    const parsed = schema.safeParse(entry);
    if (parsed.success) return [parsed.data];
    mistakes.push(...parsed.error.issues.map((issue) => ({ ...issue, path: [index, ...issue.path] })));
    return [];
  };
  // An entry is of the one kind or of the other, so that its mistakes are of that kind alone.
  const claims = entries.data.flatMap((entry, index) => ("check" in entry ? [] : read(index, entry, claim)));
  const checks = entries.data.flatMap((entry, index) => ("check" in entry ? read(index, entry, check) : []));
  if (mistakes.length > 0) throw mistaken(file, { issues: mistakes });
  return { claims, checks };
}

function mistaken(file: string, error: Pick<z.ZodError, "issues">): UsageError {
  return new UsageError(
    `${file}:\n${mistakesText(error)}\nEach entry has a "reason" (ten characters or more), and either "claim" and "what" (a part of the finding's sentence) or, for a scanner's finding, "check" and "on".`,
  );
}
