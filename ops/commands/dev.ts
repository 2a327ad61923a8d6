import { kindOf } from "../../local/azure/app-kind";
import { MessageFlow } from "../../local/flow/message-flow";
import { aProducerOf } from "../../topology/apps";
import { command, run } from "../frame/command";
import { atEnd, temporaryFolder } from "../frame/ending";
import { whole } from "../frame/options";
import { Client } from "../running/client";
import { connectionLines } from "../running/connection-lines";
import { LogView } from "../running/log-view";
import { register } from "../running/register";
import { reloadOnChange } from "../running/reloading";
import { startLocal } from "../running/start-local";
import { stampToRun } from "../running/stamp-to-run";

interface DevOptions {
  readonly inspect?: boolean;
  readonly json?: boolean;
  readonly stamp?: string;
  readonly port?: number;
}

run(
  command({
    name: "npm run dev --",
    description:
      "Runs the stacks on this machine while you write the functions: a change in functions/ reloads the apps, and their logs are shown.",
    examples: [
      ["npm run dev", "then, in another terminal:"],
      [`npm run post -- queue1 '{"id":"order-1"}'`, "a message"],
      ["npm run peek -- queue1 --dead-letters", "what was dead-lettered"],
      ["npm run dev -- --inspect", "with a debugger for each app"],
    ],
  })
    .option("--inspect", "print a debugger's address for each worker")
    .option("--json", "show each line of the logs as a JSON object")
    .option("--stamp <name>", "the stamp to run, where there are several; none: the first")
    .option("--port <port>", "the port of the primary region's producer; none: a free one", whole(1, 65_535))
    .action((options: DevOptions) => dev(options)),
);

/** What a call has to finish before new code starts. */
const DRAIN_MS = 5_000;

async function dev({ inspect, json, stamp: name, port }: DevOptions): Promise<void> {
  const folder = temporaryFolder("locked-down-run");
  // With --json, stdout is the logs'.
  const say = (text: string) => (json ? process.stderr : process.stdout).write(`${text}\n`);
  say("Synthesizing the stacks.");
  const { stamp, stacks } = stampToRun(true, name);
  say("Starting Service Bus, names, telemetry and the function apps.");
  const local = await startLocal({
    stacks,
    folder,
    instances: 1,
    inspect,
    // A call that hangs is what is being corrected: the new code does not wait for it.
    drainMs: DRAIN_MS,
    ports: port === undefined ? {} : { [aProducerOf(stamp)]: port },
  });
  const flow = MessageFlow.ofOnlyStamp(local);
  const client = new Client(local);
  register(local, flow, client);
  const view = new LogView(
    () => local.host.apps,
    (text) => process.stdout.write(text),
    json,
  );
  const sayDebuggers = () => {
    for (const { instances } of local.host.apps) {
      for (const each of instances)
        if (each.inspector !== undefined) say(`  debugger of ${each.name}  ${each.inspector}`);
    }
  };
  await reloadOnChange(local, folder, (text) => {
    say(text);
    if (text.startsWith("Reloaded")) sayDebuggers();
  });
  const [entity] = flow.posting.entities();
  say(["", ...connectionLines(local, flow, client, entity)].join("\n"));
  sayDebuggers();
  const kinds = new Set(local.host.apps.map(({ app }) => kindOf(app)));
  say(`\nUp until Ctrl-C. A change in functions/ reloads ${[...kinds].map((kind) => `the ${kind}s`).join(" and ")}.\n`);
  view.start();
  atEnd(() => {
    view.stop();
  });
  await new Promise(() => {
    // Until a signal ends the process; the servers keep it alive.
  });
}
