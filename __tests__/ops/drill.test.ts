import { spawn } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { command } from "../support/command";

jest.setTimeout(120_000);

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "locked-down-drills-"));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

const environment = () => ({ CDKTF_OUTDIR: join(folder, "cdktf.out"), TMPDIR: folder });
const leftBehind = () => readdirSync(folder).filter((name) => name.startsWith("locked-down-drill-"));

test("each drill says what it does and what is expected, before anything runs", () => {
  const { status, stdout } = command("drill", ["--list"], environment());
  expect(stdout).toContain("primary-never-returns\n  The primary does not come back.\n  Expected: ");
  expect(status).toBe(0);
});

test("the list says which drills need a pair of regions; with one region they are refused by name", () => {
  const { stdout } = command("drill", ["--list"], environment());
  const needy = stdout.split("\n\n").filter((each) => each.includes("Needs a pair of regions."));
  expect(needy.map((each) => each.trim().split("\n")[0])).toEqual([
    "failover-during-send",
    "slow-secondary",
    "primary-never-returns",
    "failback",
    "random-faults",
  ]);
  const topology = join(__dirname, "../../docs/examples/single-region.json");
  const { status, stderr } = command("drill", ["failback"], { ...environment(), TOPOLOGY: topology });
  expect([status, stderr]).toEqual([
    2,
    "failback: a drill with a failover needs a pair of regions, and the topology has none. See --list for the others.\n",
  ]);
});

test.each([
  ["an unknown drill", ["storm"], 'There is no drill "storm", only consumer-killed, '],
  [
    "too few messages to show anything",
    ["connection-cut", "--messages", "10"],
    "The drill connection-cut needs at least 500 messages to show anything: raise --messages.",
  ],
])("%s is one clear line", (_what, args, message) => {
  const { status, stderr } = command("drill", args, environment());
  expect(stderr).toContain(message);
  expect(stderr.trim().split("\n")).toHaveLength(1);
  expect(status).toBe(2);
});

test("Ctrl-C ends the drill that runs, and leaves nothing behind", async () => {
  const child = spawn(process.execPath, [join(process.cwd(), "ops/run.cjs"), "drill", "same-key-twice"], {
    env: { PATH: process.env.PATH, HOME: process.env.HOME, TOPOLOGY: process.env.TOPOLOGY, ...environment() },
    stdio: "ignore",
  });
  const exited = new Promise((done) => child.once("exit", done));
  while (leftBehind().length === 0 && child.exitCode === null) await new Promise((done) => setTimeout(done, 20));
  child.kill("SIGINT");
  expect(await exited).toBe(130);
  expect(leftBehind()).toEqual([]);
});
