import { Failure, UsageError } from "../../failure";
import { checkTypes } from "../../packaging/check-types";
import { synthesize } from "../../synthesize";
import type { SynthesizedStack } from "../../synthesized/cdktf-out";
import { refuseFindings } from "../findings";
import { command, run } from "../frame/command";
import { type Selection, select } from "../selection";
import { checkTerraform, terraform, terraformBinary, terraformInit } from "../terraform";

interface DeployOptions {
  readonly region?: string;
  readonly skip?: string[];
  readonly plan?: boolean;
  readonly autoApprove?: boolean;
}

run(
  command({
    name: "npm run deploy --",
    description: "Synthesizes, then runs Terraform on the stacks in deployment order.",
    examples: [
      ["npm run deploy -- --plan", "plan every stack"],
      ["npm run deploy -- 'network-*' --auto-approve", "apply the networks, without a question"],
      ["npm run deploy -- --region eastus2 --skip 'code-*'", "one region, without its code"],
    ],
  })
    .argument("[stacks...]", "names or globs of stacks; none: all")
    .option("--region <region>", "only this region's stacks; a geo-pair stack is of both its regions")
    .option("--skip <stacks...>", "names or globs of stacks to leave out")
    .option("--plan", "plan only; needs nothing applied before")
    .option("--auto-approve", "do not ask before each apply")
    .action((patterns: string[], options: DeployOptions) => deploy(patterns, options)),
);

async function deploy(patterns: readonly string[], { region, skip, plan, autoApprove }: DeployOptions): Promise<void> {
  if (!process.env.ARM_SUBSCRIPTION_ID) {
    throw new UsageError(
      "ARM_SUBSCRIPTION_ID is not set. Set it to the subscription's id: az account show --query id -o tsv",
    );
  }
  if (!plan && !autoApprove && !process.stdin.isTTY) {
    throw new UsageError(
      "Terraform cannot ask for approval, because standard input is not a terminal. Use --plan or --auto-approve.",
    );
  }
  checkTypes();
  const { stacks, topology } = synthesize();
  refuseFindings({ stacks, topology });
  checkTerraform();
  const selection = select(stacks, topology, { patterns, region, skip });
  await tellPrerequisites(selection, plan ?? false);
  const verb = plan ? ["plan"] : ["apply", ...(autoApprove ? ["-auto-approve"] : [])];
  for (const [index, stack] of selection.stacks.entries()) {
    const rest = selection.stacks.slice(index).map(({ name }) => name);
    process.stdout.write(
      `\n[${index + 1}/${selection.stacks.length}] ${terraformBinary()} ${verb.join(" ")}: ${stack.name}\n`,
    );
    await terraformInit(stack);
    const { code } = await terraform(stack, [...verb, ...(process.stdin.isTTY ? [] : ["-input=false"])], true);
    if (code !== 0) throw new Failure(`${stack.name} failed. Not done: ${rest.join(", ")}.`);
  }
}

/** @throws Failure before anything is applied, where a stack needs one that has never been */
async function tellPrerequisites({ stacks, prerequisites }: Selection, plan: boolean): Promise<void> {
  process.stdout.write(`Stacks, in order: ${stacks.map(({ name }) => name).join(", ")}\n`);
  if (prerequisites.length === 0) return;
  process.stdout.write(`These must exist first: ${prerequisites.map(({ name }) => name).join(", ")}\n`);
  if (plan) return;
  const missing: SynthesizedStack[] = [];
  for (const stack of prerequisites) if (!(await isApplied(stack))) missing.push(stack);
  if (missing.length > 0) {
    const names = missing.map(({ name }) => name);
    throw new Failure(`Not applied yet: ${names.join(", ")}. Deploy them first: npm run deploy -- ${names.join(" ")}`);
  }
}

async function isApplied(stack: SynthesizedStack): Promise<boolean> {
  await terraformInit(stack);
  const { code, output } = await terraform(stack, ["state", "list"], false);
  return code === 0 && output.trim() !== "";
}
