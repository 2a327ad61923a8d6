import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { terraformBinary } from "../../ops/terraform";
import { rehearsalTest } from "../support/rehearsal";

/** Runs the command, and interrupts it when it has printed something. @returns what it printed, how it ended, and what it left */
async function interrupted(
  args: readonly string[],
  at: RegExp,
  meanwhile: (printed: string) => void = () => undefined,
) {
  const folder = mkdtempSync(join(tmpdir(), "locked-down-command-"));
  try {
    const child = spawn(process.execPath, [join(process.cwd(), "ops/run.cjs"), "rehearse", ...args], {
      env: { ...process.env, TMPDIR: folder },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let printed = "";
    child.stdout.on("data", (chunk: Buffer) => (printed += chunk.toString()));
    child.stderr.on("data", (chunk: Buffer) => (printed += chunk.toString()));
    const exited = new Promise<number | null>((done) => child.once("exit", done));
    while (!at.test(printed) && child.exitCode === null) await new Promise((done) => setTimeout(done, 50));
    meanwhile(printed);
    child.kill("SIGINT");
    const code = await exited;
    return { printed, code, left: readdirSync(folder).filter((name) => name.startsWith("locked-down-rehearsal-")) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The pipelines' own steps: a plan, its summary, its apply; and an apply with another provider than was planned with. */
function planAndApply(environment: NodeJS.ProcessEnv): string[] {
  const out = join(environment.CDKTF_OUTDIR ?? "", "..", "plans");
  const pipeline = (...args: string[]) => {
    const { stdout, stderr } = spawnSync(process.execPath, [join(process.cwd(), "ops/run.cjs"), "pipeline", ...args], {
      env: { ...process.env, ...environment },
      encoding: "utf8",
    });
    return `${stdout}${stderr}`;
  };
  const stack = "messaging-centralus";
  const apply = () => pipeline("apply", stack, "--plan", join(out, `${stack}.tfplan`));
  pipeline("plan", "--no-lock", "--out", out, stack);
  const outputs = [pipeline("summary", "--plans", out), apply()];
  const locked = join(out, `${stack}.lock.hcl`);
  writeFileSync(locked, readFileSync(locked, "utf8").replaceAll(/"(h1|zh):./g, '"$1:0'));
  return [...outputs, apply()];
}

rehearsalTest("with --keep it stays up, and what it prints lets Terraform go on by hand", async () => {
  const planned: string[] = [];
  const { code, left } = await interrupted(["--keep", "messaging-eastus2"], /unset ARM_/, (printed) => {
    const environment = Object.fromEntries(
      [...printed.matchAll(/^export (\w+)='(.*)'$/gm)].map(([, name = "", value = ""]) => [name, value]),
    );
    const [, preload = ""] = /^export NODE_OPTIONS="\$\{NODE_OPTIONS:-\} (.*)"$/m.exec(printed) ?? [];
    environment.NODE_OPTIONS = preload.replaceAll('\\"', '"');
    const outdir = environment.CDKTF_OUTDIR ?? "";
    const { stdout } = spawnSync(
      terraformBinary(),
      [`-chdir=${outdir}/stacks/messaging-eastus2`, "plan", "-no-color", "-input=false"],
      { env: { ...process.env, ...environment }, encoding: "utf8" },
    );
    planned.push(stdout);
    const deploy = spawnSync(
      process.execPath,
      [join(process.cwd(), "ops/run.cjs"), "deploy", "--plan", "messaging-eastus2"],
      { env: { ...process.env, ...environment }, encoding: "utf8" },
    );
    planned.push(`${deploy.stdout}${deploy.stderr}`);
    planned.push(...planAndApply(environment));
  });
  expect(planned[0]).toContain("No changes.");
  expect(planned[1]).toContain("No changes.");
  expect(planned[2]).toContain("azurerm_servicebus_namespace.namespace will be created");
  expect(planned[3]).toContain("Apply complete!");
  expect(planned[4]).toContain("doesn't match any of the");
  expect([code, left]).toEqual([130, []]);
});

rehearsalTest("interrupted while Terraform applies, it lets Terraform end and leaves nothing", async () => {
  const { code, left } = await interrupted(["messaging-*"], /Plan, apply, plan again/);
  expect([code, left]).toEqual([130, []]);
});
