import { setTimeout as pause } from "node:timers/promises";
import { ProcessTree } from "../support/process-tree";

jest.setTimeout(120_000);

const NOTHING = { processes: [], files: [] };
const POSTING = "Post messages in the primary region";

let tree: ProcessTree | undefined;
afterEach(() => {
  tree?.remove();
});

function start(...args: string[]): ProcessTree {
  tree = new ProcessTree("start", ["--messages", "5000", "--empty-process", ...args]);
  return tree;
}

test("SIGTERM to npm, which does not pass it on, ends everything", async () => {
  const run = start();
  await run.printed(POSTING);
  expect(run.pids().length).toBeGreaterThan(8);
  process.kill(run.npm.pid ?? 0, "SIGTERM");
  expect(await run.left()).toEqual(NOTHING);
});

test("SIGTERM to npm's shell ends everything", async () => {
  const run = start();
  await run.printed(POSTING);
  const [, shell = 0] = run.pids();
  process.kill(shell, "SIGTERM");
  expect(await run.left()).toEqual(NOTHING);
});

test.each([
  ["while it loads", 400],
  ["while it synthesizes", 2_500],
  ["while the local Azure starts", 6_000],
])("SIGINT to the command, twice, %s", async (_, after) => {
  const run = start();
  while (run.pids().length < 3) await pause(20);
  await pause(after);
  const command = run.command();
  process.kill(command, "SIGINT");
  await pause(50);
  try {
    process.kill(command, "SIGINT");
  } catch {
    // It has ended.
  }
  const code = await run.ended();
  // Before it has loaded, the signal ends it as it ends any program.
  expect([130, null]).toContain(code);
  run.pids();
  expect(await run.left()).toEqual(NOTHING);
  expect(run.stderr).not.toContain("    at ");
});

test("a signal to a worker ends the worker, which is started again, and the run goes on to its end", async () => {
  const run = start("--no-failover", "--keep");
  await run.printed(POSTING);
  const command = run.command();
  const workers = run
    .pids()
    .filter((pid) => ![run.npm.pid, command].includes(pid))
    .slice(1);
  for (const worker of workers.slice(0, 2)) process.kill(worker, "SIGTERM");
  await run.printed("Up until Ctrl-C:");
  expect(run.stdout).toContain("The ledger balances.");
  run.pids();
  process.kill(command, "SIGTERM");
  expect(await run.ended()).toBe(130);
  expect(await run.left()).toEqual(NOTHING);
});

test("output that nobody reads ends the command, with one line", async () => {
  const run = start();
  while (run.pids().length < 3) await pause(20);
  run.npm.stdout?.destroy();
  expect(await run.ended()).not.toBe(0);
  expect(run.stderr).toBe("Standard output was closed: the command has stopped.\n");
  expect(await run.left()).toEqual(NOTHING);
});

test("what a pipeline's step runs by npm ends with it", async () => {
  tree = new ProcessTree("pipeline", ["check"]);
  await tree.printed("=== npm run typecheck");
  const command = tree.command();
  while (tree.pids().length < 6) await pause(50);
  process.kill(command, "SIGTERM");
  expect(await tree.ended()).toBe(130);
  expect((await tree.left()).processes).toEqual([]);
});
