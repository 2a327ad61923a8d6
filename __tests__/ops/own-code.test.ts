import { chmodSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { ProjectCopy } from "../support/project-copy";

jest.setTimeout(120_000);

let copy: ProjectCopy;
beforeEach(() => {
  copy = new ProjectCopy();
});
afterEach(() => {
  copy.remove();
});

/** The user's file: what it holds before does not matter. */
const PROCESS = "functions/consumer/process.ts";
const process_ = (body: string, imports = "") => `${imports}
import type { Delivery } from "./delivery";
import type { Message } from "./message";

export async function process(message: Message, _delivery: Delivery, _sink: unknown): Promise<void> {
  await Promise.resolve();
  ${body}
}
`;

test.each([
  ["a syntax error", process_("const = message;"), /functions\/consumer\/process\.ts:7:9: Expected identifier/],
  [
    "an import that does not exist",
    process_("nothing(message);", 'import { nothing } from "no-such-package";'),
    /functions\/consumer\/process\.ts:1:25: Could not resolve "no-such-package"/,
  ],
  [
    "a native module",
    process_("native(message);", 'import native from "../addon.node";'),
    /addon\.node.*A native module cannot be packaged: a package holds JavaScript only/,
  ],
])("%s in a function is one message with its place", (what, code, message) => {
  copy.write(PROCESS, code);
  if (what === "a native module") copy.write("functions/addon.node", "");
  const { status, stdout, stderr } = copy.run("synth", []);
  expect(stderr).toMatch(message);
  expect(stderr).toMatch(/^functions\/consumer\/index\.ts cannot be bundled:\n/);
  expect(stderr).not.toContain("    at ");
  expect(stdout).toBe("");
  expect(status).toBe(1);
});

test("a type error stops a deployment before Terraform plans", () => {
  copy.write(PROCESS, process_("const count: number = message.text; void count;"));
  copy.write("terraform", "#!/bin/sh\n[ $1 = version ] || echo $1 >> terraform.log\n");
  chmodSync(join(copy.folder, "terraform"), 0o755);
  const { status, stderr } = copy.run("deploy", ["--plan"], {
    ARM_SUBSCRIPTION_ID: "11111111-2222-3333-4444-555555555555",
    TERRAFORM_BINARY_NAME: join(copy.folder, "terraform"),
  });
  expect(stderr).toBe(
    "The functions have type errors:\n  functions/consumer/process.ts:7:9: Type 'string' is not assignable to type 'number'.\n",
  );
  expect(status).toBe(1);
});

test("npm start says why messages failed: the exception with its place, how often, and for which", () => {
  copy.write(
    PROCESS,
    process_(
      "const order = message.value as unknown as { customer: { name: string } };\n  order.customer.name.trim();",
    ),
  );
  const { status, stdout, stderr } = copy.run("start", ["--messages", "10", "--no-failover", "--to", "queue1"]);
  expect(stdout).toMatch(
    /The function queue-queue1 threw 100 times, for 10 messages, such as message-0000\d\d:\n {2}TypeError: Cannot read properties of undefined \(reading 'name'\)\n {6}at \S+ \(functions\/consumer\/process\.ts:8:18\)/,
  );
  expect(stdout).toMatch(/dead-lettered +10\n/);
  expect(stderr).toMatch(/^The logs of the instances are in \.build\/logs\/\S+\.\n$/);
  expect(status).toBe(1);
});

test("--body posts what process() can handle", () => {
  copy.write(
    PROCESS,
    process_(
      "const order = message.value as unknown as { customer: { name: string } };\n  order.customer.name.trim();",
    ),
  );
  copy.write("order.json", '{"id":"is replaced","customer":{"name":"Ada"}}');
  const { status, stdout } = copy.run("start", [...["--messages", "20", "--no-failover", "--body", "order.json"]]);
  expect(stdout).toContain("The ledger balances.");
  expect(status).toBe(0);
});

/** The consumer's entry point, with a function of the user's own beside it. */
const withFunction = (registration: string) => `import { app } from "@azure/functions";
import { process as businessLogic } from "./process";
import { registerConsumer } from "./register";

registerConsumer(process.env, businessLogic);
${registration}
`;

test("a second trigger on a queue runs: each message goes to one of the two, and the ledger counts both", () => {
  copy.write(PROCESS, process_(""));
  copy.write(
    "functions/consumer/index.ts",
    withFunction(
      'app.serviceBusQueue("mine", { connection: "ServiceBus", queueName: "queue1", handler: () => Promise.resolve() });',
    ),
  );
  const { status, stdout } = copy.run("start", ["--messages", "60", "--no-failover", "--to", "queue1"]);
  expect(stdout).toMatch(/processed from queue1 +60\n/);
  expect(stdout).toContain("The ledger balances.");
  expect(status).toBe(0);
});

test("a timer is one sentence that names it", () => {
  copy.write(
    "functions/consumer/index.ts",
    withFunction('app.timer("tick", { schedule: "0 * * * * *", handler: () => undefined });'),
  );
  const { status, stderr } = copy.run("start", ["--no-failover"]);
  expect(stderr).toMatch(
    /^The package of \S+ does not start: the function tick has a binding of type timerTrigger, which is not served locally\n$/,
  );
  expect(status).toBe(1);
});

test("an npm package with files beside its code is named", () => {
  mkdirSync(join(copy.folder, "functions/node_modules/beside"), { recursive: true });
  copy.write("functions/node_modules/beside/package.json", '{"name":"beside","version":"1.0.0","license":"MIT"}');
  copy.write(
    "functions/node_modules/beside/index.js",
    "exports.font = require('fs').existsSync(__dirname + '/font.ttf');",
  );
  copy.write(PROCESS, process_("void font;", 'import { font } from "beside";'));
  const { status, stderr } = copy.run("synth", []);
  expect(stderr).toContain(
    "warning: The consumer uses the npm package beside, whose code looks for files beside itself.",
  );
  expect(status).toBe(0);
});
