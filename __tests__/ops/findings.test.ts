import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { command } from "../support/command";
import { has, testWhere } from "../support/programs";

jest.setTimeout(120_000);

const ROOT = resolve(__dirname, "../..");
const LEFT_OUT = new Set(["node_modules", ".git", "cdktf.out", ".build", "__tests__", "docs"]);
const SUBSCRIPTION = "11111111-2222-3333-4444-555555555555";
const FINDING = /nsg-applies-to-endpoints: .*\n {2}.*network-.*has private endpoints, and its network policies are off/;

/** A copy of the project with an edited construct. */
let copy: string;
beforeAll(() => {
  copy = mkdtempSync(join(tmpdir(), "edited-"));
  cpSync(ROOT, copy, {
    recursive: true,
    filter: (path) => !LEFT_OUT.has(path.slice(ROOT.length + 1).split("/")[0] ?? ""),
  });
  symlinkSync(join(ROOT, "node_modules"), join(copy, "node_modules"));
  const path = join(copy, "constructs/network/protected-subnet.ts");
  const source = readFileSync(path, "utf8");
  const edited = source.replace('"NetworkSecurityGroupEnabled"', '"Disabled"');
  if (edited === source) throw new Error("The mistake could not be put in.");
  writeFileSync(path, edited);
});
afterAll(() => {
  rmSync(copy, { recursive: true, force: true });
});

function inCopy(script: string, args: readonly string[], environment: NodeJS.ProcessEnv = {}) {
  return command(join(copy, script), args, environment, copy);
}

test("synth warns of a broken rule, and writes the stacks all the same", () => {
  const { status, stdout, stderr } = inCopy("ops/synth.ts", []);
  expect(status).toBe(0);
  expect(stderr).toMatch(/^Warning: \d+ mistakes? in the synthesized stacks/);
  expect(stderr).toMatch(FINDING);
  expect(stdout).toContain("in deployment order");
});

test("so does cdktf's own synth, by main.ts", () => {
  const { status, stderr } = inCopy("main.ts", []);
  expect([status, FINDING.test(stderr)]).toEqual([0, true]);
});

test.each([
  ["deploy", "ops/deploy.ts", ["--plan"]],
  ["pipeline plan", "ops/pipeline.ts", ["plan", "--out", "plans"]],
])("%s stops before Terraform", (_, script, args) => {
  const { status, stdout, stderr } = inCopy(script, args, {
    ARM_SUBSCRIPTION_ID: SUBSCRIPTION,
    TERRAFORM_BINARY_NAME: "no-such-terraform",
  });
  expect(status).toBe(1);
  expect(stderr).toMatch(FINDING);
  expect(stderr).toContain("Nothing was planned or applied.");
  expect(stdout + stderr).not.toContain("no-such-terraform");
});

testWhere(has("terraform"), "Terraform is not installed")("rehearse stops before Terraform", () => {
  const { status, stderr } = inCopy("ops/rehearse.ts", []);
  expect(status).toBe(1);
  expect(stderr).toMatch(FINDING);
});
