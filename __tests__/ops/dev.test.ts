import { spawnSync } from "node:child_process";
import { ProcessTree } from "../support/process-tree";
import { command, type Outcome } from "../support/command";

jest.setTimeout(120_000);

const ROOT = process.cwd();

let dev: ProcessTree;
beforeAll(async () => {
  dev = new ProcessTree("dev", ["--inspect"]);
  await dev.printed("Up until Ctrl-C.");
  dev.pids();
});
afterAll(() => {
  dev.remove();
});

/** Another run may be up on this machine. */
const inRun = (name: string, ...args: string[]): Outcome =>
  command(name, [...args, "--run", String(dev.command())], {});

/** The first queue that the topology lets clients post to. */
const entity = () => /\/api\/messages\/(\S+) /.exec(dev.stdout)?.[1] ?? "";

test("a message is posted, and the log shows it, readable and in order", async () => {
  const { status, stdout } = inRun("post", entity(), '{"id":"order-1"}');
  expect(stdout).toMatch(/^\{"ids":\["order-1"\],"correlationId":"[0-9a-f]{32}"\}\n$/);
  expect(status).toBe(0);
  await dev.printed(/^\d\d:\d\d:\d\d\.\d{3} {2}\S+ {2}(ERROR {2})?\w+ {2}messageId=order-1 /m);
  const times = [...dev.stdout.matchAll(/^(\d\d:\d\d:\d\d\.\d{3}) {2}/gm)].map(([, time = ""]) => time);
  expect(times.length).toBeGreaterThan(1);
});

test("what the producer refuses is printed, and fails", () => {
  const { status, stdout, stderr } = inRun("post", "no-such-queue", "{}");
  expect(stdout).toContain("UnknownEntity");
  expect(stderr).toBe("The producer answered 404 Not Found.\n");
  expect(status).toBe(1);
});

test("a queue is peeked at, and its dead letters", () => {
  const peeked = inRun("peek", entity(), "--dead-letters");
  expect(peeked).toMatchObject({ status: 0, stderr: "" });
  expect(JSON.parse(inRun("peek", entity(), "--json").stdout)).toEqual([]);
  const unknown = inRun("peek", "no-such-queue");
  expect(unknown.stderr).toMatch(/^no-such-queue cannot be peeked at: [^\n]+\n$/);
  expect(unknown.status).toBe(1);
});

test("the printed recipe for a client of one's own works as it is printed", () => {
  const lines = dev.stdout.split("\n");
  const recipe = lines
    .slice(
      lines.findIndex((line) => line.includes("export IDENTITY_ENDPOINT")),
      lines.indexOf("  END") + 1,
    )
    .map((line) => line.slice(2))
    .join("\n");
  const { status, stdout, stderr } = spawnSync("bash", ["-c", recipe], { cwd: ROOT, encoding: "utf8" });
  expect(stderr).toBe("");
  expect(stdout).toMatch(/^\[/);
  expect(status).toBe(0);
});

test("each worker has a debugger", async () => {
  const urls = [...dev.stdout.matchAll(/debugger of \S+ {2}ws:\/\/127\.0\.0\.1:(\d+)\//g)].map(([, port]) => port);
  expect(urls.length).toBeGreaterThanOrEqual(2);
  const answer = await fetch(`http://127.0.0.1:${urls[0] ?? ""}/json/version`);
  expect(await answer.json()).toMatchObject({ Browser: expect.stringMatching(/^node\.js\//) as string });
});

test("it ends on SIGTERM, and leaves nothing", async () => {
  process.kill(dev.command(), "SIGTERM");
  expect(await dev.ended()).toBe(130);
  expect(await dev.left()).toEqual({ processes: [], files: [] });
  const { status, stderr } = command("peek", ["queue1", "--run", String(dev.npm.pid)], {});
  expect(stderr).toMatch(/^No local Azure runs as process \d+: start one with npm run dev/);
  expect(status).toBe(2);
});
