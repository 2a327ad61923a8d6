import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { RunResult } from "../../ops/flow-report";
import { command } from "../support/command";
import { firstStamp, referenceInput, singleRegion } from "../support/topologies";

jest.setTimeout(120_000);

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "locked-down-start-"));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** Temporary folders are made below the test's own, so that what a run leaves behind is seen. */
const environment = () => ({ CDKTF_OUTDIR: join(folder, "cdktf.out"), TMPDIR: folder });
const start = (...args: string[]) => command("start", args, environment());
const leftBehind = () => readdirSync(folder).filter((name) => name !== "cdktf.out");

test("a run through a failover balances, and says so in JSON", () => {
  const { status, stdout, stderr } = start("--messages", "400", "--json", "--empty-process");
  expect(stderr).toBe("");
  const { ledger, failover, telemetry } = JSON.parse(stdout) as RunResult;
  expect(status).toBe(0);
  expect(ledger).toMatchObject({ posted: 400, accepted: 400, lost: [], unknown: [], unconfirmed: [], balanced: true });
  // Two instances of the consumer each took messages, in both regions.
  const counts = Object.values(ledger.processed).map((instances) => Object.values(instances));
  expect(counts).toEqual([
    [expect.any(Number), expect.any(Number)],
    [expect.any(Number), expect.any(Number)],
  ]);
  expect(Math.min(...counts.flat())).toBeGreaterThan(0);
  expect(ledger.repeated.filter(({ cause }) => cause === undefined)).toEqual([]);
  expect(failover).toMatchObject({ drained: true });
  expect(failover?.outageMs).toBeGreaterThan(1_000);
  // One operation leads from the POST to the processed message. The SDK samples its dependencies; the host's items are all there.
  expect(telemetry.whole).toBeGreaterThan(0);
  const steps = telemetry.example?.steps.map((step) => step.split(" ")[0]) ?? [];
  expect(steps.filter((step) => step !== "dependency")).toEqual(["request", "trace", "request", "trace"]);
  expect(telemetry.items.dependency).toBeGreaterThan(0);
  expect(leftBehind()).toEqual([]);
});

test("without a failover it posts, drains and counts", () => {
  const { status, stdout } = start("--messages", "60", "--no-failover", "--to", "queue1", "--empty-process");
  expect(stdout).toContain("60 messages posted in eastus2, 60 processed there");
  expect(stdout).toContain("The ledger balances.");
  expect(status).toBe(0);
});

test("with one region there is nothing to fail over, and the run says so", () => {
  const topology = join(folder, "one-region.json");
  const input = referenceInput();
  singleRegion(firstStamp(input));
  writeFileSync(topology, JSON.stringify(input));
  const { status, stdout, stderr } = command("start", ["--messages", "100", "--empty-process"], {
    ...environment(),
    TOPOLOGY: topology,
  });
  expect(stderr).toBe("");
  expect(stdout).toContain("No failover: the topology has no paired regions");
  expect(stdout).toContain("100 messages posted in eastus2, 100 processed there");
  expect(status).toBe(0);
});

test("Ctrl-C ends everything that was started", async () => {
  const child = spawn(
    process.execPath,
    [join(process.cwd(), "ops/run.cjs"), "start", "--messages", "40", "--no-failover", "--keep", "--empty-process"],
    { env: { PATH: process.env.PATH, HOME: process.env.HOME, TOPOLOGY: process.env.TOPOLOGY, ...environment() } },
  );
  let printed = "";
  child.stdout.on("data", (chunk: Buffer) => (printed += chunk.toString()));
  const exited = new Promise((done) => child.once("exit", done));
  while (!printed.includes("curl ") && child.exitCode === null) await new Promise((done) => setTimeout(done, 100));
  const [, url = ""] = /curl -i (\S+)/.exec(printed) ?? [];
  expect(url).not.toBe("");
  const post = () =>
    fetch(url, { method: "POST", headers: { "content-type": "application/json" }, body: '{"hello":"world"}' });
  expect((await post()).status).toBe(202);
  child.kill("SIGINT");
  expect(await exited).toBe(130);
  await expect(post()).rejects.toThrow();
  expect(leftBehind()).toEqual([]);
});

describe("bad input is one clear line, and nothing is left running", () => {
  test.each([
    ["an unknown queue", ["--to", "nope"], 'There is no queue or topic "nope" to post to, only queue1, topic1', 2],
    ["too few messages for a failover", ["--messages", "5"], "A failover needs at least 100 messages", 2],
    ["no number", ["--messages", "many"], "It is a whole number from 0 to 1000000.", 2],
    ["an unknown stamp", ["--stamp", "blue"], 'There is no stamp "blue", only (unnamed)', 2],
    ["no file for --body", ["--body", "nowhere.json"], "--body names nowhere.json, which cannot be read", 2],
    ["nothing synthesized", ["--no-synth"], "manifest.json: synthesize first, npm run synth.", 1],
  ] as const)("%s", (_what, args, message, code) => {
    const { status, stdout, stderr } = start(...args);
    expect(stderr).toContain(message);
    expect(stderr.trim().split("\n")).toHaveLength(1);
    // The progress does not print it a second time.
    expect(stdout).not.toContain(message);
    expect(status).toBe(code);
    expect(leftBehind()).toEqual([]);
  });

  test("a package that is gone", () => {
    expect(command("synth", [], environment()).status).toBe(0);
    const assets = join(folder, "cdktf.out/stacks/code-eastus2/assets");
    const [asset = ""] = readdirSync(assets).filter((name) => name.startsWith("producer"));
    rmSync(join(assets, asset), { recursive: true });
    const { status, stderr } = start("--no-synth");
    expect(stderr).toMatch(/^There is no package .*producer\.zip: synthesize again, npm run synth\.\n$/);
    expect(status).toBe(1);
  });

  test("a half-written cdktf.out", () => {
    mkdirSync(join(folder, "cdktf.out"));
    writeFileSync(join(folder, "cdktf.out/manifest.json"), '{"stacks": {');
    const { status, stderr } = start("--no-synth");
    expect(stderr).toContain("manifest.json is not whole: synthesize again");
    expect(status).toBe(1);
  });

  test("a port in use", async () => {
    const other = createServer();
    const port = await new Promise<number>((done) => {
      other.listen(0, "127.0.0.1", () => {
        done((other.address() as { port: number }).port);
      });
    });
    try {
      const { status, stderr } = start("--port", String(port));
      expect(stderr.trim()).toBe(
        `Port ${port} of 127.0.0.1 is in use: end what listens there, or choose another port.`,
      );
      expect(status).toBe(1);
    } finally {
      await new Promise((done) => other.close(done));
    }
  });
});
