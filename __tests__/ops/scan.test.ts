import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { judged } from "../../ops/scanning/accepted";
import { scanStacks } from "../../ops/scanning/checkov";
import type { ScannerFinding } from "../../ops/scanning/scan";
import { scanWorkflows } from "../../ops/scanning/zizmor";
import { suppressionsIn } from "../../ops/suppressions-file";
import type { SynthesizedStack } from "../../synthesized/cdktf-out";
import { build } from "../support/build";
import { command } from "../support/command";
import { edited } from "../support/edits";
import { has, testWhere } from "../support/programs";

const checkov = process.env.CHECKOV ?? "checkov";
const zizmor = process.env.ZIZMOR ?? "zizmor";
const withCheckov = testWhere(has(checkov), "checkov is missing");
const withZizmor = testWhere(has(zizmor), "zizmor is missing");
const withShell = testWhere(has("sh"), "sh is missing");

let folder: string;
const { CHECKOV } = process.env;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "scan-"));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
  if (CHECKOV === undefined) delete process.env.CHECKOV;
  else process.env.CHECKOV = CHECKOV;
});

const finding = (check: string, ...on: string[]): ScannerFinding => ({ check, what: "", where: "", on });
const accept = (check: string, on: string) => ({ check, on, reason: "a reason of the team's" });

test("a suppression names a type, a construct or a file, and accepts nothing else", () => {
  const account = finding("CKV_1", "azurerm_storage_account", "workload-eastus2/storage/account");
  const open = (check: string, on: string) => judged([account], [accept(check, on)]).open;
  expect(open("CKV_1", "azurerm_storage_account")).toEqual([]);
  expect(open("CKV_1", "*/storage/account")).toEqual([]);
  expect(open("CKV_1", "azurerm_storage")).toEqual([account]);
  expect(open("CKV_1", "*/consumer-storage/account")).toEqual([account]);
  expect(open("CKV_2", "azurerm_storage_account")).toEqual([account]);
  const idle = accept("CKV_2", "azurerm_storage_account");
  expect(judged([account], [idle])).toMatchObject({ accepted: [], idle: [idle] });
  expect(judged([finding("x", ".github/workflows/a.yml")], [accept("x", ".github/workflows/*.yml")]).open).toEqual([]);
});

test("each mistake in a suppression of a check is an error with its place", () => {
  const file = join(folder, "suppressions.json");
  writeFileSync(
    file,
    JSON.stringify([accept("CKV_1", "x"), { check: "CKV_2", reason: "" }, { check: "CKV_3", claim: "y" }]),
  );
  expect(() => suppressionsIn(file)).toThrow(/1\.on: [^]*1\.reason: a reason of ten characters or more[^]*2\.on: /);
  expect(() => suppressionsIn(file)).toThrow(/2: Unrecognized key: "claim"/);
  writeFileSync(file, JSON.stringify({}));
  expect(() => suppressionsIn(file)).toThrow("the file: ");
});

test("where there is no scanner, the command names it and how to install it: exit code 3", () => {
  const { status, stdout, stderr } = command("scan", [], { CHECKOV: "no-such-checkov", ZIZMOR: "no-such-zizmor" });
  expect([status, stdout]).toEqual([3, ""]);
  expect(stderr).toMatch(/no-such-checkov on this machine: install it \(pipx install checkov==\d+\.\d+\.\d+\)/);
  expect(stderr).toMatch(/no-such-zizmor on this machine: install it \(pipx install zizmor==\d+\.\d+\.\d+\)/);
});

describe("a checkov that does not read everything is an error", () => {
  /** What it prints for a scan; it lists one check of namespaces. */
  function standIn(report: object): void {
    const script = join(folder, "checkov.sh");
    writeFileSync(
      script,
      [
        "#!/bin/sh",
        'case "$*" in',
        "  --version) echo 3.0.0 ;;",
        "  --list*) echo '| 1 | CKV_1 | resource | azurerm_servicebus_namespace | A check | Terraform | link |' ;;",
        `  *) echo '${JSON.stringify(report)}' ;;`,
        "esac",
      ].join("\n"),
    );
    chmodSync(script, 0o755);
    process.env.CHECKOV = script;
  }
  const scan = () => scanStacks(build(), empty());
  const record = (stack: string) => ({
    check_id: "CKV_1",
    check_name: "A check",
    file_path: `/${stack}/cdk.tf.json`,
    resource: "resource.namespace",
  });
  const report = (stacks: string[], summary: object = {}) => ({
    results: { passed_checks: stacks.map(record), failed_checks: [] },
    summary: { parsing_errors: 0, skipped: 0, ...summary },
  });

  withShell("of a stack", () => {
    standIn(report(["messaging-eastus2", "messaging-centralus"]));
    expect(scan()).toMatchObject({ findings: [], read: expect.stringMatching(/^2 checks on 2 resources/) as string });
    standIn(report(["messaging-eastus2"]));
    expect(scan).toThrow("ran none: messaging-centralus: azurerm_servicebus_namespace.namespace");
  });

  withShell("that it could not parse, or that something made it skip", () => {
    standIn(report(["messaging-eastus2", "messaging-centralus"], { parsing_errors: 1 }));
    expect(scan).toThrow("did not read 1 of the stacks");
    standIn(report(["messaging-eastus2", "messaging-centralus"], { skipped: 3 }));
    expect(scan).toThrow("skipped 3 checks");
    // What it prints where it found no file of the framework.
    standIn({ passed: 0, failed: 0, skipped: 0, parsing_errors: 0 });
    expect(scan).toThrow("no report of it");
  });
});

describe("checkov", () => {
  const scanned = (stacks: readonly SynthesizedStack[]) => scanStacks(stacks, empty());

  withCheckov("finds nothing in the reference topology that is not accepted, and no suppression is idle", () => {
    const { read, findings } = scanned(build());
    expect(Number(/^(\d+) checks/.exec(read)?.[1])).toBeGreaterThan(100);
    const checks = suppressionsIn().checks.filter(({ check }) => check.startsWith("CKV"));
    expect(judged(findings, checks)).toMatchObject({ open: [], idle: [] });
  });

  withCheckov(
    "reads every stack, those with blocks about the state too, and no file or variable switches a check off",
    () => {
      const weak = edited(build(), ["messaging-eastus2", "azurerm_servicebus_namespace"], (namespace) => {
        namespace.set("public_network_access_enabled", true);
      });
      expect(weak.some(({ json }) => "moved" in json || "removed" in json)).toBe(true);
      const { HOME } = process.env;
      process.env.HOME = folder;
      process.env.CKV_SKIP_CHECK = "CKV_AZURE_204";
      writeFileSync(join(folder, ".checkov.yaml"), "skip-check: [CKV_AZURE_204]\n");
      try {
        expect(scanned(weak).findings).toContainEqual(
          expect.objectContaining({
            check: "CKV_AZURE_204",
            where: "messaging-eastus2: azurerm_servicebus_namespace.namespace",
            on: ["azurerm_servicebus_namespace", "messaging-eastus2/namespace"],
          }),
        );
      } finally {
        process.env.HOME = HOME;
        delete process.env.CKV_SKIP_CHECK;
      }
    },
  );
});

describe("zizmor", () => {
  const workflow = (run: string, on = "pull_request_target") => {
    mkdirSync(join(folder, ".github", "workflows"), { recursive: true });
    writeFileSync(
      join(folder, ".github", "workflows", "greet.yml"),
      `name: Greet\non: ${on}\npermissions: {}\njobs:\n  greet:\n    runs-on: ubuntu-24.04\n    steps:\n      - run: ${run}\n`,
    );
  };

  withZizmor("names what it finds by file and line, comments that switch it off or not", () => {
    workflow("echo ${{ github.event.pull_request.title }} # zizmor: ignore[template-injection]");
    const { read, findings } = scanWorkflows(folder, empty());
    expect(read).toBe("1 file of .github");
    expect(findings).toContainEqual(
      expect.objectContaining({
        check: "template-injection",
        where: ".github/workflows/greet.yml:8",
        on: [".github/workflows/greet.yml"],
      }),
    );
  });

  withZizmor("a file that it cannot read is an error", () => {
    workflow("[", "push");
    expect(() => scanWorkflows(folder, empty())).toThrow("greet.yml");
  });

  withZizmor("a project without workflows has no findings", () => {
    expect(scanWorkflows(folder, empty())).toMatchObject({ read: "0 files of .github", findings: [] });
  });
});

function empty(): string {
  return mkdtempSync(join(folder, "empty-"));
}
