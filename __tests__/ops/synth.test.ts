import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { createHash } from "node:crypto";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { readCdktfOut } from "../../synthesized/cdktf-out";
import { packagesOf } from "../../packaging/synthesized-packages";
import { command } from "../support/command";
import { firstStamp, referenceInput, singleRegion } from "../support/topologies";

const SUBSCRIPTION = "11111111-2222-3333-4444-555555555555";

let folder: string;
let outdir: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "synth-"));
  outdir = join(folder, "cdktf.out");
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** A PATH that holds Node and nothing else: no Terraform, no Azure CLI, no shell. */
function onlyNode(): string {
  const path = join(folder, "bin");
  mkdirSync(path, { recursive: true });
  symlinkSync(process.execPath, join(path, "node"));
  return path;
}

test("synthesizes with Node alone, and says what it made", () => {
  const { status, stdout, stderr } = command("synth", [], { PATH: onlyNode(), CDKTF_OUTDIR: outdir });
  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  const stacks = readCdktfOut(outdir);
  const lines = stdout.split("\n");
  const order = stacks.map(({ name }) => lines.findIndex((line) => new RegExp(`^ +\\d+ +${name} `).test(line)));
  expect(order.every((line) => line >= 0)).toBe(true);
  expect([...order].sort((one, other) => one - other)).toEqual(order);
  for (const { name, size, hash, path } of packagesOf(stacks)) {
    expect(stdout).toMatch(new RegExp(`${name} +code-\\w+ +${size} +${hash}`));
    const content = createHash("sha256").update(basename(path)).update("\0").update(readFileSync(path)).digest("hex");
    expect(content).toBe(hash);
    expect(basename(dirname(path))).toBe(hash);
  }
  expect(packagesOf(stacks)).toHaveLength(4);
  expect(stdout).toContain("ARM_SUBSCRIPTION_ID is not set");
});

test("mistakes that functions/host.json causes are reported with the topology's file and line too", () => {
  const input = referenceInput();
  const path = join(folder, "own.json");
  writeFileSync(
    path,
    JSON.stringify({ ...input, stamps: [{ ...firstStamp(input), extensionBundlesFromCdn: false }] }, null, 2),
  );
  const { status, stderr } = command("synth", [], { CDKTF_OUTDIR: outdir, TOPOLOGY: path });
  expect(status).toBe(1);
  expect(stderr).toMatch(/1 mistake in .*own\.json and functions\/host\.json/);
  expect(stderr).toMatch(/stamps\[0\]\.extensionBundlesFromCdn \(line \d+\)/);
});

test("main.ts, which cdktf runs, writes the same stacks", () => {
  command("synth", [], { CDKTF_OUTDIR: outdir, ARM_SUBSCRIPTION_ID: SUBSCRIPTION });
  const other = join(folder, "other", "cdktf.out");
  mkdirSync(dirname(other));
  expect(command("main.ts", [], { CDKTF_OUTDIR: other, ARM_SUBSCRIPTION_ID: SUBSCRIPTION })).toEqual({
    status: 0,
    stdout: "",
    stderr: "",
  });
  const [one, two] = [readCdktfOut(outdir), readCdktfOut(other)];
  expect(two.map(({ json }) => json)).toEqual(one.map(({ json }) => json));
  expect(JSON.stringify(one.map(({ json }) => json))).toContain(`/subscriptions/${SUBSCRIPTION}/`);
});

describe("with mistakes in the topology", () => {
  test("every one is reported, the exit code is 1, and nothing is written", () => {
    const input = referenceInput();
    firstStamp(input).queues = [{ name: "q" }, { name: "q" }];
    Object.assign(firstStamp(input), { colour: "blue" });
    writeFileSync(join(folder, "topology.json"), JSON.stringify(input));
    const outcome = command("synth", [], { CDKTF_OUTDIR: outdir, TOPOLOGY: join(folder, "topology.json") });
    expect(outcome.status).toBe(1);
    expect(outcome.stdout).toBe("");
    expect(outcome.stderr).toContain("2 mistakes in");
    expect(outcome.stderr).toContain("stamps[0].colour");
    expect(outcome.stderr).toContain("stamps[0].queues[1].name");
    expect(outcome.stderr).not.toContain("    at ");
    expect(existsSync(outdir)).toBe(false);
  });

  test.each([
    ["a file that is not there", "nowhere.ts", undefined, "there is no file", 2],
    ["a file of another kind", "topology.yaml", "stamps: []", "neither a .ts module nor a .json file", 2],
    ["a module without a topology", "empty.ts", "export const other = 1;", "exports no `topology`", 1],
    ["a module that throws", "throws.ts", "throw new Error('no luck');", "no luck", 1],
  ])("%s gets one message", (_, name, content, message, code) => {
    if (content !== undefined) writeFileSync(join(folder, name), content);
    const { status, stderr } = command("synth", [], { CDKTF_OUTDIR: outdir, TOPOLOGY: join(folder, name) });
    expect(status).toBe(code);
    expect(stderr).toContain("No topology");
    expect(stderr).toContain(message);
    expect(existsSync(outdir)).toBe(false);
  });

  test("broken JSON is reported with its place", () => {
    writeFileSync(join(folder, "broken.json"), "{");
    const { status, stderr } = command("synth", [], {
      CDKTF_OUTDIR: outdir,
      TOPOLOGY: join(folder, "broken.json"),
    });
    expect(status).toBe(1);
    expect(stderr).toContain("broken.json. Nothing was written.");
    expect(stderr).toContain("line 1, column 2");
    expect(existsSync(outdir)).toBe(false);
  });

  test("a subscription that is no GUID is reported", () => {
    const { status, stderr } = command("synth", [], { CDKTF_OUTDIR: outdir, ARM_SUBSCRIPTION_ID: "mine" });
    expect(status).toBe(2);
    expect(stderr).toContain('ARM_SUBSCRIPTION_ID is "mine"');
    expect(existsSync(outdir)).toBe(false);
  });
});

test("TOPOLOGY names another topology, JSON or TypeScript; what the old one had is gone from the output", () => {
  command("synth", [], { CDKTF_OUTDIR: outdir });
  const input = referenceInput();
  singleRegion(firstStamp(input));
  writeFileSync(join(folder, "one.json"), JSON.stringify({ $schema: "./topology.schema.json", ...input }));
  writeFileSync(join(folder, "one.ts"), `export const topology = ${JSON.stringify(input)};`);
  for (const name of ["one.json", "one.ts"]) {
    expect(command("synth", [], { CDKTF_OUTDIR: outdir, TOPOLOGY: join(folder, name) }).status).toBe(0);
    expect(readdirSync(join(outdir, "stacks")).sort()).toEqual([
      "code-eastus2",
      "geo-pair",
      "messaging-eastus2",
      "network-eastus2",
      "workload-eastus2",
    ]);
  }
});
