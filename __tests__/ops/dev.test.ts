import { spawnSync } from "node:child_process";
import { ProcessTree } from "../support/process-tree";
import type { Outcome } from "../support/command";
import { ProjectCopy } from "../support/project-copy";

jest.setTimeout(120_000);

const PROCESS = "functions/consumer/process.ts";
/** A process() that says which it is, and throws where a message asks for it. */
const processNamed = (name: string) => `import type { LogSink } from "../shared/log";
import type { Delivery } from "./delivery";
import type { Message } from "./message";

export async function process({ value }: Message, _delivery: Delivery, sink: LogSink): Promise<void> {
  await Promise.resolve();
  sink.log("this is ${name}");
  if (value.fail === true) throw new Error("as asked");
}
`;

let copy: ProjectCopy;
let dev: ProcessTree;
beforeAll(async () => {
  copy = new ProjectCopy();
  copy.write(PROCESS, processNamed("the first"));
  dev = new ProcessTree("dev", ["--inspect"], {}, copy.folder);
  await dev.printed("Up until Ctrl-C.");
  dev.pids();
});
afterAll(() => {
  dev.remove();
  copy.remove();
});

const inRun = (name: string, ...args: string[]): Outcome => copy.run(name, args);

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
      lines.findIndex((line) => line.startsWith("  node ")) + 1,
    )
    .map((line) => line.slice(2))
    .join("\n");
  const { status, stdout, stderr } = spawnSync("bash", ["-c", recipe], { cwd: copy.folder, encoding: "utf8" });
  expect(stderr).toBe("");
  expect(stdout).toMatch(/^\d+ messages$/m);
  expect(status).toBe(0);
});

test("each worker has a debugger", async () => {
  const urls = [...dev.stdout.matchAll(/debugger of \S+ {2}ws:\/\/127\.0\.0\.1:(\d+)\//g)].map(([, port]) => port);
  expect(urls.length).toBeGreaterThanOrEqual(2);
  const answer = await fetch(`http://127.0.0.1:${urls[0] ?? ""}/json/version`);
  expect(await answer.json()).toMatchObject({ Browser: expect.stringMatching(/^node\.js\//) as string });
});

test("an exception is shown with the line of the source", async () => {
  inRun("post", entity(), '{"id":"order-2","fail":true}');
  await dev.printed(
    /ERROR {2}Executed 'Functions\.\S+' \(Failed\): Error: as asked\n {4}at \S+ \(functions\/consumer\/process\.ts:8:34\)/,
  );
});

test("a change is reloaded; a mistake is named, and the next change is reloaded again", async () => {
  copy.write(PROCESS, processNamed("the second"));
  await dev.printed(/^Reloaded \S+consumer\S+, \S+consumer\S+ in \d+\.\d s\.$/m);
  inRun("post", entity(), '{"id":"order-3"}');
  await dev.printed("this is the second");
  copy.write(PROCESS, "const = 1;");
  await dev.printed("functions/consumer/process.ts:1:7: ");
  copy.write(PROCESS, `${processNamed("the third")}throw new Error("when it loads");\n`);
  await dev.printed(/does not start: when it loads \(\S*functions\/consumer\/process\.ts:10:7\)/);
  copy.write(PROCESS, processNamed("the fourth"));
  await dev.printed(/does not start[^]*\nReloaded /);
  inRun("post", entity(), '{"id":"order-4"}');
  await dev.printed("this is the fourth");
});

test("it ends on SIGTERM, and leaves nothing", async () => {
  process.kill(dev.command(), "SIGTERM");
  expect(await dev.ended()).toBe(130);
  expect(await dev.left()).toEqual({ processes: [], files: [] });
  const { status, stderr } = inRun("peek", "queue1");
  expect(stderr).toMatch(/^No local Azure runs: start one with npm run dev/);
  expect(status).toBe(2);
});
