import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { UsageError } from "../../failure";

/** What `terraform plan` printed, by stack: the `<stack>.txt` that `npm run pipeline -- plan` writes. */
export type PlanTexts = ReadonlyMap<string, string>;

/** What a comment may show of a plan: how much changes, and no value that azurerm read. */
const SAID = /^(?:Plan: (?:\d+ to \w+(?:, )?)+\.|No changes\.|failed)$/;
/** The lines of a plan that name a resource and its change. Deeper lines are its arguments. */
const RESOURCE = /^ {2}# [^(\n].*$/gm;

/** @returns nothing where there is no folder: nothing was planned */
export function planTextsIn(folder: string): PlanTexts {
  if (!existsSync(folder)) return new Map();
  const texts = readdirSync(folder).filter((name) => name.endsWith(".txt"));
  return new Map(texts.map((name) => [basename(name, ".txt"), readFileSync(join(folder, name), "utf8")]));
}

/** The SHA-256 of each `<stack>.tfplan`, in hex. */
export function planHashesIn(folder: string): Map<string, string> {
  if (!existsSync(folder)) return new Map();
  const plans = readdirSync(folder).filter((name) => name.endsWith(".tfplan"));
  return new Map(plans.map((name) => [basename(name, ".tfplan"), hashOf(join(folder, name))]));
}

export function hashOf(path: string): string {
  return createHash("sha256").update(readFileSync(path)).digest("hex");
}

/** The line of a plan that says how much changes. */
export function saidBy(text: string): string {
  // Terraform may count what it would do, and refuse it all the same.
  if (/^(│ )?Error: /m.test(text)) return "failed";
  const said = /^(Plan: .*|No changes\.)/m.exec(text)?.[1] ?? "failed";
  return SAID.test(said) ? said : "failed";
}

/** What is to be approved, resource by resource, in Markdown. */
export function summaryOf(texts: PlanTexts): string {
  return [...texts]
    .flatMap(([stack, text]) => [
      `### ${stack}`,
      "",
      "```text",
      ...(text.match(RESOURCE) ?? []).map((line) => line.trim().slice(2)),
      saidBy(text),
      "```",
      "",
    ])
    .join("\n");
}

/**
 * What another job wrote down of its plans: a JSON object, a line a stack. That job ran the code of a pull request, so only what a plan can say is taken.
 *
 * @throws UsageError where it is anything else
 */
export function saidIn(json: string): Map<string, string> {
  if (json.trim() === "") return new Map();
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    throw new UsageError("--said is not JSON: it takes what `npm run pipeline -- said` printed.");
  }
  const entries = typeof value === "object" && value !== null ? Object.entries(value) : [];
  for (const [stack, said] of entries) {
    if (!/^[a-z0-9][a-z0-9-]*$/.test(stack) || typeof said !== "string" || !SAID.test(said)) {
      throw new UsageError(
        `--said has ${JSON.stringify({ [stack]: said as unknown }).slice(0, 200)}: it takes what \`npm run pipeline -- said\` printed.`,
      );
    }
  }
  return new Map(entries as [string, string][]);
}
