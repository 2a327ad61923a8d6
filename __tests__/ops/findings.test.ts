import { has, testWhere } from "../support/programs";
import { ProjectCopy } from "../support/project-copy";

jest.setTimeout(120_000);

const SUBSCRIPTION = "11111111-2222-3333-4444-555555555555";
const FINDING = /nsg-applies-to-endpoints: .*\n {2}.*network-.*has private endpoints, and its network policies are off/;

/** A copy of the project with an edited construct. */
let copy: ProjectCopy;
beforeAll(() => {
  copy = new ProjectCopy();
  copy.edit("constructs/network/protected-subnet.ts", '"NetworkSecurityGroupEnabled"', '"Disabled"');
});
afterAll(() => {
  copy.remove();
});

test("synth warns of a broken rule, and writes the stacks all the same", () => {
  const { status, stdout, stderr } = copy.run("synth", []);
  expect(status).toBe(0);
  expect(stderr).toMatch(/^Warning: \d+ mistakes? in the synthesized stacks/);
  expect(stderr).toMatch(FINDING);
  expect(stdout).toContain("in deployment order");
});

test("so does cdktf's own synth, by main.ts", () => {
  const { status, stderr } = copy.run("main.ts", []);
  expect([status, FINDING.test(stderr)]).toEqual([0, true]);
});

test.each([
  ["deploy", "deploy", ["--plan"]],
  ["pipeline plan", "pipeline", ["plan", "--out", "plans"]],
])("%s stops before Terraform", (_, script, args) => {
  const { status, stdout, stderr } = copy.run(script, args, {
    ARM_SUBSCRIPTION_ID: SUBSCRIPTION,
    TERRAFORM_BINARY_NAME: "no-such-terraform",
  });
  expect(status).toBe(1);
  expect(stderr).toMatch(FINDING);
  expect(stderr).toContain("Nothing was planned or applied.");
  expect(stdout + stderr).not.toContain("no-such-terraform");
});

testWhere(has("terraform"), "Terraform is not installed")("rehearse stops before Terraform", () => {
  const { status, stderr } = copy.run("rehearse", []);
  expect(status).toBe(1);
  expect(stderr).toMatch(FINDING);
});

test("a finding that is suppressed with a reason stops nothing, and one without a reason is refused", () => {
  const all = ["nsg-applies-to-endpoints", "every-subnet-is-guarded", "no-rule-is-wider", "nothing-more"];
  const entries = all.map((claim) => ({ claim, what: " ", reason: "a test of this very switch" }));
  copy.write("suppressions.json", JSON.stringify(entries));
  const environment = { ARM_SUBSCRIPTION_ID: SUBSCRIPTION, TERRAFORM_BINARY_NAME: "no-such-terraform" };
  const passed = copy.run("deploy", ["--plan"], environment);
  expect([passed.status, passed.stderr]).toEqual([3, expect.stringContaining("no-such-terraform")]);
  copy.write("suppressions.json", JSON.stringify([{ claim: "nothing-more", what: "x", reason: "" }]));
  const refused = copy.run("deploy", ["--plan"], environment);
  expect([refused.status, refused.stderr]).toEqual([2, expect.stringContaining("a reason of ten characters or more")]);
});
