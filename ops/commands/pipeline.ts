import { spawn } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { Failure, MissingRequirement, UsageError } from "../../failure";
import { checkTypes } from "../../packaging/check-types";
import { synthesize } from "../../synthesize";
import { readCdktfOut, type SynthesizedStack } from "../../synthesized/cdktf-out";
import { refuseFindings } from "../findings";
import { command, run } from "../frame/command";
import { atEnd } from "../frame/ending";
import { commentOn } from "../pipeline/comment";
import { hashOf, planHashesIn, planTextsIn, saidBy, saidIn, summaryOf } from "../pipeline/plans";
import { needsTheNetwork, wavesOf } from "../pipeline/waves";
import { select } from "../selection";
import { checkTerraform, terraform, terraformInit } from "../terraform";

/** The steps of the pipelines in .github/workflows, so that they run the same on any machine. */
const program = command({
  name: "npm run pipeline --",
  description: "The pipelines' steps.",
  examples: [
    ["npm run pipeline -- check", "types, lint, tests, synthesis and rehearsal"],
    ["npm run pipeline -- plan --out plans", "plan every stack, and keep the plans"],
    ["npm run pipeline -- drift", "compare Azure with the stacks"],
  ],
});

/** `terraform plan -detailed-exitcode`: there are changes. */
const CHANGES = 2;
/** The exit code of `drift` where Azure differs. */
const DRIFTED = 4;
/** An apply that runs may take its time. */
const WAIT_FOR_LOCK = "-lock-timeout=10m";
/** Where Terraform keeps versions and hashes of the providers that it took. */
const PROVIDERS = ".terraform.lock.hcl";

program
  .command("check")
  .description("types, lint, tests, synthesis, and a rehearsal if Terraform and azurerm are available")
  .action(async () => {
    for (const script of ["typecheck", "lint", "jest", "synth"]) await npm(script);
    // synth only warns of them.
    refuseFindings(synthesize());
    const status = await npmRun("rehearse");
    if (status === new MissingRequirement().exitCode) process.stdout.write("No rehearsal: see above.\n");
    else if (status !== 0) throw new Failure("npm run rehearse failed.");
  });

program
  .command("waves")
  .description("the stacks in waves, and the regions, as JSON: stacks of one wave can be applied in parallel")
  .action(() => {
    const { stacks, topology } = synthesize();
    refuseFindings({ stacks, topology });
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

program
  .command("comment")
  .description("the changes between two folders of synthesized stacks, as Markdown")
  .option("--before <folder>", "the target branch's cdktf.out; none: everything is new")
  .requiredOption("--after <folder>", "this branch's cdktf.out")
  .option("--said <json>", "what `said` printed of the plans", "")
  .action(({ before, after, said }: { before?: string; after: string; said: string }) => {
    const plans = saidIn(said);
    const old = before === undefined ? [] : stacksIn("--before", before);
    process.stdout.write(commentOn(old, stacksIn("--after", after), plans));
  });

program
  .command("summary")
  .description("the changes of the plans, resource by resource, as Markdown")
  .requiredOption("--plans <folder>", "what `plan` wrote")
  .action(({ plans }: { plans: string }) => {
    process.stdout.write(`${summaryOf(planTextsIn(plans))}\n`);
  });

program
  .command("said")
  .description("the number of changes of each plan, without any value, as JSON")
  .requiredOption("--plans <folder>", "what `plan` wrote")
  .action(({ plans }: { plans: string }) => {
    const said = [...planTextsIn(plans)].map(([stack, text]) => [stack, saidBy(text)]);
    process.stdout.write(`${JSON.stringify(Object.fromEntries(said))}\n`);
  });

program
  .command("hashes")
  .description("the SHA-256 of each plan, as JSON; `apply --sha256` compares it")
  .requiredOption("--plans <folder>", "what `plan` wrote")
  .action(({ plans }: { plans: string }) => {
    process.stdout.write(`${JSON.stringify(Object.fromEntries(planHashesIn(plans)))}\n`);
  });

program
  .command("plan")
  .description("plans stacks, and keeps each plan, its text, and the hashes of its providers")
  .argument("[stacks...]", "names or globs; none: all")
  .requiredOption("--out <folder>", "where <stack>.tfplan, <stack>.txt and <stack>.lock.hcl go")
  .option("--no-lock", "for an identity that may only read the states")
  .action(async (patterns: string[], { out, lock }: { out: string; lock: boolean }) => {
    checkTypes();
    mkdirSync(out, { recursive: true });
    for (const stack of chosen(patterns)) {
      const code = await plan(
        stack,
        [...(lock ? [WAIT_FOR_LOCK] : ["-lock=false"]), `-out=${resolve(out, `${stack.name}.tfplan`)}`],
        resolve(out, `${stack.name}.txt`),
      );
      if (code !== 0 && code !== CHANGES) throw new Failure(`${stack.name} could not be planned.`);
      // code-<region> takes no provider, and has none.
      if (existsSync(join(stack.directory, PROVIDERS))) {
        copyFileSync(join(stack.directory, PROVIDERS), resolve(out, `${stack.name}.lock.hcl`));
      }
    }
  });

program
  .command("apply")
  .description("applies one saved plan")
  .argument("<stack>")
  .requiredOption("--plan <file>", "what `plan` wrote")
  .option("--sha256 <hash>", "the hash that `hashes` printed for the approved plan")
  .action(async (name: string, { plan: file, sha256 }: { plan: string; sha256?: string }) => {
    const path = resolve(file);
    if (!existsSync(path)) throw new UsageError(`There is no plan ${file}: make it with npm run pipeline -- plan.`);
    if (sha256 !== undefined && hashOf(path) !== sha256) {
      throw new Failure(`${file} is not the plan that was approved: its SHA-256 is ${hashOf(path)}, not ${sha256}.`);
    }
    const [stack] = chosen([name]);
    if (!stack) return;
    const locked = path.replace(/\.tfplan$/, ".lock.hcl");
    if (existsSync(locked)) copyFileSync(locked, join(stack.directory, PROVIDERS));
    // What was planned with is applied with: another provider, or the same version with another hash, is refused.
    await terraformInit(stack, existsSync(locked) ? ["-lockfile=readonly"] : []);
    const { code } = await terraform(stack, ["apply", "-input=false", WAIT_FOR_LOCK, path], true);
    if (code !== 0) throw new Failure(`${stack.name} could not be applied.`);
  });

program
  .command("drift")
  .description(`whether Azure differs from the stacks; exit code ${DRIFTED} if it does`)
  .argument("[stacks...]", "names or globs; none: all")
  .action(async (patterns: string[]) => {
    const drifted: string[] = [];
    for (const stack of chosen(patterns)) {
      const code = await plan(stack, ["-lock=false"]);
      if (code === CHANGES) drifted.push(stack.name);
      else if (code !== 0) throw new Failure(`${stack.name} could not be planned.`);
    }
    process.stdout.write(drifted.length === 0 ? "No drift.\n" : `Drifted: ${drifted.join(", ")}\n`);
    if (drifted.length > 0) process.exitCode = DRIFTED;
  });

/** @throws Failure where the stacks break a rule, and where a pipeline would work on a state that ends with its runner */
function chosen(patterns: readonly string[]): readonly SynthesizedStack[] {
  const { stacks, topology } = synthesize();
  if (process.env.GITHUB_ACTIONS === "true" && topology.backend === undefined) {
    throw new Failure(
      "The topology has no `backend`. The state would be a file on this runner and would be lost with it. Name the state account under `backend`: see docs/bootstrap.md.",
    );
  }
  refuseFindings({ stacks, topology });
  checkTerraform();
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

async function npm(script: string): Promise<void> {
  if ((await npmRun(script)) !== 0) throw new Failure(`npm run ${script} failed.`);
}

/** Runs a script, which ends with this command. @returns its exit code */
async function npmRun(script: string): Promise<number> {
  process.stdout.write(`\n=== npm run ${script}\n`);
  const isWindows = process.platform === "win32";
  const child = spawn("npm", ["run", "--silent", script], {
    stdio: ["ignore", "inherit", "inherit"],
    shell: isWindows,
    // A group of its own: npm does not pass signals on to what it started.
    detached: !isWindows,
  });
  const ended = new Promise<number>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (status) => {
      resolve(status ?? 1);
    });
  });
  atEnd(async () => {
    if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
    if (isWindows) child.kill();
    else process.kill(-child.pid, "SIGTERM");
    await ended.catch(() => undefined);
  });
  return await ended;
}

/** @throws UsageError where an option names a folder without synthesized stacks */
function stacksIn(option: string, folder: string): SynthesizedStack[] {
  if (!existsSync(join(folder, "manifest.json"))) {
    throw new UsageError(`${option} names ${folder}, which has no synthesized stacks: it has no manifest.json.`);
  }
  return readCdktfOut(folder);
}

run(program);
