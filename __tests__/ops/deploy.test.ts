import { spawn } from "node:child_process";
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { command } from "../support/command";

const SUBSCRIPTION = "11111111-2222-3333-4444-555555555555";

let folder: string;
let log: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "deploy-"));
  log = join(folder, "log");
  // A Terraform that writes down what it is asked, keeps a list of what it applied, and fails on the stack that FAIL_ON names.
  writeFileSync(
    join(folder, "terraform"),
    `#!/usr/bin/env node
const { appendFileSync, existsSync, readFileSync } = require("node:fs");
const { basename } = require("node:path");
const stack = basename(process.cwd());
const [verb] = process.argv.slice(2);
appendFileSync(${JSON.stringify(log)}, stack + ": " + process.argv.slice(2).join(" ") + "\\n");
const state = ${JSON.stringify(join(folder, "state"))};
if (verb === "state") { if (existsSync(state) && readFileSync(state, "utf8").split("\\n").includes(stack)) console.log("azurerm_resource_group.x"); }
if (verb === "apply") { if (process.env.FAIL_ON === stack) process.exit(1); appendFileSync(state, stack + "\\n"); }
`,
  );
  chmodSync(join(folder, "terraform"), 0o755);
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

function deploy(args: string[], environment: NodeJS.ProcessEnv = {}) {
  return command("deploy", args, {
    CDKTF_OUTDIR: join(folder, "cdktf.out"),
    ARM_SUBSCRIPTION_ID: SUBSCRIPTION,
    TERRAFORM_BINARY_NAME: join(folder, "terraform"),
    ...environment,
  });
}

const ran = (verb: string) =>
  existsSync(log)
    ? readFileSync(log, "utf8")
        .split("\n")
        .filter((line) => line.includes(`: ${verb}`))
        .map((line) => line.split(":")[0])
    : [];

test("without a name every stack is applied, each after what it needs", () => {
  expect(deploy(["--auto-approve"]).status).toBe(0);
  expect(ran("apply")).toEqual([
    "messaging-centralus",
    "messaging-eastus2",
    "network-centralus",
    "network-eastus2",
    "geo-pair",
    "workload-centralus",
    "workload-eastus2",
    "code-centralus",
    "code-eastus2",
  ]);
});

test("a first deployment, region by region, as the README has it", () => {
  expect(deploy(["network-eastus2", "messaging-eastus2", "--auto-approve"]).status).toBe(0);
  const early = deploy(["--region", "eastus2", "--auto-approve"]);
  expect(early.status).toBe(1);
  expect(early.stderr).toBe(
    "Not applied yet: messaging-centralus, network-centralus. Deploy them first: npm run deploy -- messaging-centralus network-centralus\n",
  );
  expect(ran("apply")).toEqual(["messaging-eastus2", "network-eastus2"]);
  expect(deploy(["messaging-centralus", "network-centralus", "--auto-approve"]).status).toBe(0);
  const east = deploy(["--region", "eastus2", "--auto-approve"]);
  expect(east.stdout).toContain("These must exist first: messaging-centralus, network-centralus");
  expect(east.status).toBe(0);
  expect(deploy(["--region", "centralus", "--skip", "code-*", "--auto-approve"]).status).toBe(0);
  expect(ran("apply").slice(4)).toEqual([
    ...["messaging-eastus2", "network-eastus2", "geo-pair", "workload-eastus2", "code-eastus2"],
    ...["messaging-centralus", "network-centralus", "geo-pair", "workload-centralus"],
  ]);
});

test("a plan needs nothing applied, and says what an apply would", () => {
  const { status, stdout } = deploy(["geo-pair", "--plan"]);
  expect(status).toBe(0);
  expect(stdout).toContain(
    "These must exist first: messaging-centralus, messaging-eastus2, network-centralus, network-eastus2",
  );
  expect(ran("plan")).toEqual(["geo-pair"]);
  expect(ran("state")).toEqual([]);
});

test("azurerm that cannot be fetched is a missing requirement, as in a rehearsal", () => {
  writeFileSync(
    join(folder, "terraform"),
    `#!/bin/sh
[ "$1" = init ] && { echo "Error: Failed to query available provider packages" >&2; exit 1; }
exit 0
`,
  );
  const { status, stderr } = deploy(["network-eastus2", "--plan"]);
  expect(stderr).toMatch(/^azurerm 4\.55\.0 could not be downloaded: .*configure a mirror/);
  expect(status).toBe(3);
});

test("azurerm with another hash than the lock file names is shown in Terraform's words", () => {
  writeFileSync(
    join(folder, "terraform"),
    `#!/bin/sh
[ "$1" = init ] && { echo "Error: Failed to install provider" >&2; echo "│ the package doesn't match any" >&2; echo "│ of the checksums in the dependency lock file" >&2; exit 1; }
exit 0
`,
  );
  const { status, stderr } = deploy(["network-eastus2", "--plan"]);
  expect(stderr).toContain("network-eastus2: ");
  expect(stderr).toContain("of the checksums in the dependency lock file");
  expect(status).toBe(1);
});

test("SIGTERM lets Terraform end what it does, and nothing else is applied", async () => {
  writeFileSync(
    join(folder, "terraform"),
    `#!/bin/sh
echo "$(basename "$PWD"): $1" >> ${log}
[ "$1" = apply ] || exit 0
trap 'sleep 0.5; echo "$(basename "$PWD"): state written" >> ${log}; exit 1' INT
while :; do sleep 0.05; done
`,
  );
  const child = spawn(process.execPath, [join(process.cwd(), "ops/run.cjs"), "deploy", "network-*", "--auto-approve"], {
    env: {
      ...{ PATH: process.env.PATH, TOPOLOGY: process.env.TOPOLOGY, CDKTF_OUTDIR: join(folder, "cdktf.out") },
      ...{ ARM_SUBSCRIPTION_ID: SUBSCRIPTION, TERRAFORM_BINARY_NAME: join(folder, "terraform") },
    },
  });
  const exited = new Promise((done) => child.once("exit", done));
  while (ran("apply").length === 0) await new Promise((done) => setTimeout(done, 50));
  child.kill("SIGTERM");
  child.kill("SIGTERM");
  expect(await exited).toBe(130);
  expect(ran("apply")).toEqual(["network-centralus"]);
  expect(ran("state written")).toEqual(["network-centralus"]);
});

test("what fails stops the rest, which is named", () => {
  const { status, stderr } = deploy(["network-*", "--auto-approve"], { FAIL_ON: "network-centralus" });
  expect(status).toBe(1);
  expect(stderr).toContain("network-centralus failed. Not done: network-centralus, network-eastus2.");
  expect(ran("apply")).toEqual(["network-centralus"]);
});

test.each<[string, string[], NodeJS.ProcessEnv, RegExp, number]>([
  ["an unknown stack", ["nowhere-*", "--plan"], {}, /No stack is named nowhere-\*\. There are: .*geo-pair/, 2],
  [
    "an unknown region",
    ["--region", "westeurope", "--plan"],
    {},
    /no region westeurope\. It has: eastus2, centralus/,
    2,
  ],
  ["a choice that leaves nothing", ["network-eastus2", "--region", "centralus", "--plan"], {}, /No stack is left/, 2],
  ["no subscription", ["geo-pair", "--plan"], { ARM_SUBSCRIPTION_ID: "" }, /ARM_SUBSCRIPTION_ID is not set/, 2],
  ["no terminal to approve at", ["network-eastus2"], {}, /--auto-approve/, 2],
  [
    "no Terraform",
    ["network-eastus2", "--plan"],
    { TERRAFORM_BINARY_NAME: "no-such-terraform" },
    /There is no no-such-terraform on this machine: install Terraform/,
    3,
  ],
])("%s gets one message, and nothing runs", (_, args, environment, message, code) => {
  const { status, stderr } = deploy(args, environment);
  expect(status).toBe(code);
  expect(stderr).toMatch(message);
  expect(stderr).not.toContain("    at ");
  expect(ran("apply")).toEqual([]);
});
