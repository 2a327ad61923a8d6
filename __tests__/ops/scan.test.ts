import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { judged } from "../../ops/scanning/accepted";
import { scanStacks } from "../../ops/scanning/checkov";
import type { ScannerFinding } from "../../ops/scanning/scan";
import { scanWorkflows } from "../../ops/scanning/zizmor";
import { suppressionsIn } from "../../ops/suppressions-file";
import { build } from "../support/build";
import { command } from "../support/command";
import { edited } from "../support/edits";
import { has, testWhere } from "../support/programs";

const checkov = process.env.CHECKOV ?? "checkov";
const zizmor = process.env.ZIZMOR ?? "zizmor";
const withCheckov = testWhere(has(checkov), "checkov is missing");
const withZizmor = testWhere(has(zizmor), "zizmor is missing");
const [, PINNED = ""] =
  /^checkov==(\S+)/m.exec(readFileSync(join(__dirname, "../../ops/scanning/requirements.txt"), "utf8")) ?? [];
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

const finding = (check: string, place: string, type?: string): ScannerFinding => ({
  ...{ check, what: "", where: "", place },
  ...(type === undefined ? {} : { type }),
});
const accept = (check: string, on: string) => ({ check, on, reason: "a reason of the team's" });

test("a suppression names a type, a construct or a file, and accepts nothing else", () => {
  const account = finding("CKV_1", "workload-eastus2/storage/account", "azurerm_storage_account");
  const open = (check: string, on: string) => judged([account], [accept(check, on)]).open;
  for (const on of ["azurerm_storage_account", "*/storage/account"]) expect(open("CKV_1", on)).toEqual([]);
  // A glob over types, or one that names what is not meant, would accept what nobody looked at.
  for (const on of ["azurerm_storage", "azurerm_*", "*/consumer-storage/account", "!azurerm_x", "!*/vnet"]) {
    expect([on, open("CKV_1", on)]).toEqual([on, [account]]);
  }
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

describe("a checkov that does not read everything says so", () => {
  /** What it prints for a scan; it lists two checks of namespaces. */
  function standIn(report: object, version = PINNED): void {
    const script = join(folder, "checkov.sh");
    const listed = ["CKV_1", "CKV_2"].map(
      (check) => `| 1 | ${check} | resource | azurerm_servicebus_namespace | A check | Terraform | link |`,
    );
    writeFileSync(
      script,
      [
        "#!/bin/sh",
        'case "$*" in',
        `  --version) echo ${version} ;;`,
        `  --list*) echo '${listed.join("\n")}' ;;`,
        `  *) echo '${JSON.stringify(report)}' ;;`,
        "esac",
      ].join("\n"),
    );
    chmodSync(script, 0o755);
    process.env.CHECKOV = script;
  }
  const scan = async () => await scanStacks(build(), empty());
  const record = (stack: string, check: string) => ({
    ...{ check_id: check, check_name: "A check", file_path: `/${stack}/cdk.tf.json`, resource: "resource.namespace" },
  });
  const both = ["CKV_1", "CKV_2"];
  const report = (east: string[], central: string[], parsing_errors = 0) => ({
    results: {
      passed_checks: [
        ...east.map((check) => record("messaging-eastus2", check)),
        ...central.map((check) => record("messaging-centralus", check)),
      ],
      failed_checks: [],
    },
    summary: { parsing_errors },
  });

  withShell("a check without a result is a finding, of one check or of a whole stack", async () => {
    standIn(report(both, both));
    expect(await scan()).toMatchObject({
      findings: [],
      read: expect.stringMatching(/^4 checks on 2 resources/) as string,
    });
    standIn(report(both, ["CKV_1"]));
    expect((await scan()).findings).toMatchObject([
      { check: "CKV_2", where: "messaging-centralus: azurerm_servicebus_namespace.namespace" },
    ]);
    standIn(report(both, []));
    expect((await scan()).findings.map(({ check, place }) => [check, place])).toEqual([
      ["CKV_1", "messaging-centralus/namespace"],
      ["CKV_2", "messaging-centralus/namespace"],
    ]);
  });

  withShell("a stack that it could not parse, and a report of nothing, are errors", async () => {
    standIn(report(both, both, 1));
    await expect(scan()).rejects.toThrow("did not read 1 of the stacks");
    // What it prints where it found no file of the framework.
    standIn({ passed: 0, failed: 0, skipped: 0, parsing_errors: 0 });
    await expect(scan()).rejects.toThrow("no report of it");
  });

  withShell("another version is not the scanner that the suppressions are for", async () => {
    standIn(report(both, both), "1.2.3");
    await expect(scan()).rejects.toThrow(`is 1.2.3, and this project is scanned by checkov ${PINNED}: install it`);
  });

  withShell("a program that cannot be run is no missing one", async () => {
    standIn(report(both, both));
    chmodSync(process.env.CHECKOV ?? "", 0o644);
    await expect(scan()).rejects.toThrow(/EACCES/);
  });
});

describe("checkov", () => {
  withCheckov("finds nothing in the reference topology that is not accepted, and no suppression is idle", async () => {
    const { read, findings } = await scanStacks(build(), empty());
    expect(Number(/^(\d+) checks/.exec(read)?.[1])).toBeGreaterThan(100);
    const checks = suppressionsIn().checks.filter(({ check }) => check.startsWith("CKV"));
    expect(judged(findings, checks)).toMatchObject({ open: [], idle: [] });
  });

  withCheckov("reads every stack; no block, expression, file or variable switches a check off in silence", async () => {
    const weak = edited(build(), ["messaging-eastus2", "azurerm_servicebus_namespace"], (namespace) => {
      namespace.set("public_network_access_enabled", true);
      // It computes no expression.
      namespace.set("local_auth_enabled", "${!false}");
    });
    expect(weak.some(({ json }) => "moved" in json || "removed" in json)).toBe(true);
    const { HOME } = process.env;
    process.env.HOME = folder;
    process.env.CKV_SKIP_CHECK = "CKV_AZURE_204";
    writeFileSync(join(folder, ".checkov.yaml"), "skip-check: [CKV_AZURE_204]\n");
    try {
      const { findings } = await scanStacks(weak, empty());
      for (const check of ["CKV_AZURE_203", "CKV_AZURE_204"]) {
        expect(findings).toContainEqual(
          expect.objectContaining({
            check,
            where: "messaging-eastus2: azurerm_servicebus_namespace.namespace",
            type: "azurerm_servicebus_namespace",
            place: "messaging-eastus2/namespace",
          }),
        );
      }
    } finally {
      process.env.HOME = HOME;
      delete process.env.CKV_SKIP_CHECK;
    }
  });
});

describe("zizmor", () => {
  const workflow = (run: string, on = "pull_request_target") => {
    mkdirSync(join(folder, ".github", "workflows"), { recursive: true });
    writeFileSync(
      join(folder, ".github", "workflows", "greet.yml"),
      `name: Greet\non: ${on}\npermissions: {}\njobs:\n  greet:\n    runs-on: ubuntu-24.04\n    steps:\n      - run: ${run}\n`,
    );
  };

  withZizmor("names what it finds by file and line, comments that switch it off or not", async () => {
    workflow("echo ${{ github.event.pull_request.title }} # zizmor: ignore[template-injection]");
    const { read, findings } = await scanWorkflows(folder, empty());
    expect(read).toBe("1 file of .github");
    expect(findings).toContainEqual(
      expect.objectContaining({
        check: "template-injection",
        where: ".github/workflows/greet.yml:8",
        place: ".github/workflows/greet.yml",
      }),
    );
  });

  withZizmor("a file that it cannot read is an error", async () => {
    workflow("[", "push");
    await expect(scanWorkflows(folder, empty())).rejects.toThrow("greet.yml");
  });

  withZizmor("a project without workflows has no findings", async () => {
    expect(await scanWorkflows(folder, empty())).toMatchObject({ read: "0 files of .github", findings: [] });
  });
});

function empty(): string {
  return mkdtempSync(join(folder, "empty-"));
}
