import { spawnSync } from "node:child_process";
import { terraformBinary } from "../../ops/terraform";
import { ZERO_SUBSCRIPTION } from "../../topology/arm-ids";
import { build, stackNamed } from "../support/build";
import { has, testWhere } from "../support/programs";
import { topologyWith } from "../support/topologies";

const testWithTerraform = testWhere(has(terraformBinary()), `${terraformBinary()} is missing`);

/** The code stack needs no provider, so Terraform alone can plan it, without a registry. */
function plan(subscription?: string) {
  const { directory } = stackNamed(build(topologyWith(), subscription), "code-eastus2");
  const terraform = (...args: string[]) =>
    spawnSync(terraformBinary(), args, {
      cwd: directory,
      encoding: "utf8",
      env: { PATH: process.env.PATH, HOME: process.env.HOME, CHECKPOINT_DISABLE: "1" },
    });
  const init = terraform("init", "-input=false", "-no-color");
  if (init.status !== 0) throw new Error(init.stderr);
  const { status, stdout, stderr } = terraform("plan", "-input=false", "-no-color");
  return { status, text: `${stdout}${stderr}`.replace(/\s+/g, " ") };
}

testWithTerraform("without a subscription a plan stops with our own sentence", () => {
  const { status, text } = plan(ZERO_SUBSCRIPTION);
  expect(status).toBe(1);
  expect(text).toContain("This stack was synthesized without a subscription. Set ARM_SUBSCRIPTION_ID");
});

testWithTerraform("with one it plans two publications", () => {
  const { status, text } = plan();
  expect(text).toContain("Plan: 3 to add");
  expect(status).toBe(0);
});
