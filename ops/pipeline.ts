import { spawnSync } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { Command } from "commander";
import { synthesize } from "../synthesize";
import { readCdktfOut, type SynthesizedStack } from "../synthesized/cdktf-out";
import { UsageError } from "../usage-error";
import { run } from "./command";
import { refuseFindings } from "./findings";
import { commentOn } from "./pipeline/comment";
import { hashOf, planHashesIn, planTextsIn, saidBy, saidIn, summaryOf } from "./pipeline/plans";
import { MISSING_REQUIREMENT } from "./rehearsal/requirements";
import { needsTheNetwork, wavesOf } from "./pipeline/waves";
import { select } from "./selection";
import { terraform, terraformInit } from "./terraform";

/** The steps of the pipelines in .github/workflows, so that they run the same on any machine. */
const program = new Command("npm run pipeline --").description("The pipelines' steps.");

/** `terraform plan -detailed-exitcode`: there are changes. */
const CHANGES = 2;
/** An apply that runs may take its time. */
const WAIT_FOR_LOCK = "-lock-timeout=10m";
/** Where Terraform keeps versions and hashes of the providers that it took. */
const PROVIDERS = ".terraform.lock.hcl";

program
  .command("check")
  .description(
    "what a pull request must pass: types, lint, tests, synthesis, and a rehearsal if Terraform and azurerm are available",
  )
  .action(() => {
    run(() => {
      for (const script of ["typecheck", "lint", "jest", "synth"]) npm(script);
      // synth only warns of them.
      refuseFindings(synthesize().stacks);
      const { status } = npmRun("rehearse");
      if (status === MISSING_REQUIREMENT) process.stdout.write("No rehearsal: see above.\n");
      else if (status !== 0) throw new UsageError("npm run rehearse failed.");
    });
  });

program
  .command("waves")
  .description("the stacks in waves, and the regions, as JSON: stacks of one wave can be applied in parallel")
  .action(() => {
    run(() => {
      const { stacks, topology } = synthesize();
      refuseFindings(stacks);
      const waves = wavesOf(stacks);
      const regions = [...new Set(topology.stamps.flatMap((stamp) => stamp.regions.map(({ location }) => location)))];
      process.stdout.write(
        `${JSON.stringify({
          regions,
          infrastructure: waves
            .map((wave) => wave.filter((name) => !needsTheNetwork(name)))
            .filter(({ length }) => length > 0),
          code: waves.flat().filter(needsTheNetwork),
          state: topology.backend ?? {},
        })}\n`,
      );
    });
  });

program
  .command("comment")
  .description("the changes between two folders of synthesized stacks, as Markdown")
  .requiredOption("--before <folder>", "the target branch's cdktf.out; one that is not there is empty")
  .requiredOption("--after <folder>", "this branch's cdktf.out")
  .option("--said <json>", "what `said` printed of the plans", "")
  .action(({ before, after, said }: { before: string; after: string; said: string }) => {
    run(() => {
      const plans = saidIn(said);
      const old = existsSync(join(before, "manifest.json")) ? readCdktfOut(before) : [];
      process.stdout.write(commentOn(old, readCdktfOut(after), plans));
    });
  });

program
  .command("summary")
  .description("the changes of the plans, resource by resource, as Markdown")
  .requiredOption("--plans <folder>", "what `plan` wrote")
  .action(({ plans }: { plans: string }) => {
    run(() => {
      process.stdout.write(`${summaryOf(planTextsIn(plans))}\n`);
    });
  });

program
  .command("said")
  .description("the number of changes of each plan, without any value, as JSON")
  .requiredOption("--plans <folder>", "what `plan` wrote")
  .action(({ plans }: { plans: string }) => {
    run(() => {
      const said = [...planTextsIn(plans)].map(([stack, text]) => [stack, saidBy(text)]);
      process.stdout.write(`${JSON.stringify(Object.fromEntries(said))}\n`);
    });
  });

program
  .command("hashes")
  .description("the SHA-256 of each plan, as JSON; `apply --sha256` compares it")
  .requiredOption("--plans <folder>", "what `plan` wrote")
  .action(({ plans }: { plans: string }) => {
    run(() => {
      process.stdout.write(`${JSON.stringify(Object.fromEntries(planHashesIn(plans)))}\n`);
    });
  });

program
  .command("plan")
  .description("plans stacks, and keeps each plan, its text, and the hashes of its providers")
  .argument("[stacks...]", "names or globs; none: all")
  .requiredOption("--out <folder>", "where <stack>.tfplan, <stack>.txt and <stack>.lock.hcl go")
  .option("--no-lock", "for an identity that may only read the states")
  .action((patterns: string[], { out, lock }: { out: string; lock: boolean }) => {
    run(async () => {
      mkdirSync(out, { recursive: true });
      for (const stack of chosen(patterns)) {
        const code = await plan(
          stack,
          [...(lock ? [WAIT_FOR_LOCK] : ["-lock=false"]), `-out=${resolve(out, `${stack.name}.tfplan`)}`],
          resolve(out, `${stack.name}.txt`),
        );
        if (code !== 0 && code !== CHANGES) throw new UsageError(`${stack.name} could not be planned.`);
        // code-<region> takes no provider, and has none.
        if (existsSync(join(stack.directory, PROVIDERS))) {
          copyFileSync(join(stack.directory, PROVIDERS), resolve(out, `${stack.name}.lock.hcl`));
        }
      }
    });
  });

program
  .command("apply")
  .description("applies one saved plan")
  .argument("<stack>")
  .requiredOption("--plan <file>", "what `plan` wrote")
  .option("--sha256 <hash>", "the hash that `hashes` printed for the approved plan")
  .action((name: string, { plan: file, sha256 }: { plan: string; sha256?: string }) => {
    run(async () => {
      const path = resolve(file);
      if (!existsSync(path)) throw new UsageError(`There is no plan ${file}: make it with npm run pipeline -- plan.`);
      if (sha256 !== undefined && hashOf(path) !== sha256) {
        throw new UsageError(
          `${file} is not the plan that was approved: its SHA-256 is ${hashOf(path)}, not ${sha256}.`,
        );
      }
      const [stack] = chosen([name]);
      if (!stack) return;
      const locked = path.replace(/\.tfplan$/, ".lock.hcl");
      if (existsSync(locked)) copyFileSync(locked, join(stack.directory, PROVIDERS));
      // What was planned with is applied with: another provider, or the same version with another hash, is refused.
      await terraformInit(stack, existsSync(locked) ? ["-lockfile=readonly"] : []);
      const { code } = await terraform(stack, ["apply", "-input=false", WAIT_FOR_LOCK, path], true);
      if (code !== 0) throw new UsageError(`${stack.name} could not be applied.`);
    });
  });

program
  .command("drift")
  .description("whether Azure differs from the stacks; exit code 2 if it does")
  .argument("[stacks...]", "names or globs; none: all")
  .action((patterns: string[]) => {
    run(async () => {
      const drifted: string[] = [];
      for (const stack of chosen(patterns)) {
        const code = await plan(stack, ["-lock=false"]);
        if (code === CHANGES) drifted.push(stack.name);
        else if (code !== 0) throw new UsageError(`${stack.name} could not be planned.`);
      }
      process.stdout.write(drifted.length === 0 ? "No drift.\n" : `Drifted: ${drifted.join(", ")}\n`);
      if (drifted.length > 0) process.exitCode = CHANGES;
    });
  });

/** @throws UsageError where the stacks break a rule, and where a pipeline would work on a state that ends with its runner */
function chosen(patterns: readonly string[]): readonly SynthesizedStack[] {
  const { stacks, topology } = synthesize();
  if (process.env.GITHUB_ACTIONS === "true" && topology.backend === undefined) {
    throw new UsageError(
      "The topology has no `backend`. The state would be a file on this runner and would be lost with it. Name the state account under `backend`: see docs/bootstrap.md.",
    );
  }
  refuseFindings(stacks);
  return select(stacks, topology, { patterns }).stacks;
}

/** @param text where what it says is written; none: to the terminal only */
async function plan(stack: SynthesizedStack, args: readonly string[], text?: string): Promise<number> {
  await terraformInit(stack);
  const { code, output } = await terraform(
    stack,
    ["plan", "-input=false", "-no-color", "-detailed-exitcode", ...args],
    false,
  );
  if (text !== undefined) writeFileSync(text, output);
  // A public repository's log is public: of a plan that is kept in a file only the last line is printed.
  const whole = text === undefined || (code !== 0 && code !== CHANGES);
  process.stdout.write(`\n${stack.name}: ${whole ? `\n${output}` : `${saidBy(output)}\n`}`);
  return code;
}

function npm(script: string): void {
  if (npmRun(script).status !== 0) throw new UsageError(`npm run ${script} failed.`);
}

function npmRun(script: string) {
  process.stdout.write(`\n=== npm run ${script}\n`);
  return spawnSync("npm", ["run", "--silent", script], { stdio: "inherit", shell: process.platform === "win32" });
}

program.parse();
