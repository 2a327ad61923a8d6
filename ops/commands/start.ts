import { setTimeout as pause } from "node:timers/promises";
import { Option } from "commander";
import { Listr } from "listr2";
import { UsageError } from "../../failure";
import { type FailedCalls, failedCalls } from "../../local/flow/failed-calls";
import { failOver, type FailoverOutcome } from "../../local/flow/failover";
import { MessageFlow } from "../../local/flow/message-flow";
import { operationsIn } from "../../local/flow/operations";
import type { LocalAzure } from "../../local/local-azure";
import { EMPTY_PROCESS_NOTE, useEmptyProcess } from "../../local/empty-process/empty-process";
import { resourcesOf, type SynthesizedStack } from "../../synthesized/cdktf-out";
import { aProducerOf } from "../../topology/apps";
import type { Stamp } from "../../topology/schema";
import { reportOf, type RunResult } from "../flow-report";
import { command, run } from "../frame/command";
import { temporaryFolder } from "../frame/ending";
import { json, whole } from "../frame/options";
import { progress } from "../frame/progress";
import { bodiesIn } from "../running/body-file";
import { Client } from "../running/client";
import { closedWays } from "../running/closed-ways";
import { keepLogs } from "../running/kept-logs";
import { failoverByCommand } from "../running/failover-by-command";
import { connectionLines } from "../running/connection-lines";
import { type Language, LANGUAGES } from "../running/recipes";
import { register } from "../running/register";
import { startLocal } from "../running/start-local";
import { entitiesOf, refuseUnknown, stampToRun } from "../running/stamp-to-run";

interface StartOptions {
  readonly messages: number;
  readonly batch: number;
  readonly json?: boolean;
  readonly failover: boolean;
  readonly keep?: boolean;
  readonly client: Language;
  readonly synth: boolean;
  readonly emptyProcess?: boolean;
  readonly body?: string;
  readonly to?: string[];
  readonly stamp?: string;
  readonly port?: number;
}

/** The SDK in the packages sends its telemetry every five seconds. */
const TELEMETRY_MS = 7_000;
const DRAIN_MS = 60_000;
/** With fewer the primary has nothing in it when it goes down. */
const FEWEST_FOR_FAILOVER = 100;

run(
  command({
    name: "npm start --",
    description: "Synthesizes the stacks and runs them on this machine, through a failover, without Azure.",
    examples: [
      ["npm start", "2000 messages, through a failover"],
      ["npm start -- --messages 200 --body order.json", "messages of your own"],
      ["npm start -- --messages 0 --keep", "post nothing; stay up, and print how to connect"],
      ["npm start -- --messages 0 --keep --client python", "the same, with a client for Python"],
    ],
  })
    .option(
      "--messages <count>",
      "the number of messages to post; 0: none, and no failover",
      whole(0, 1_000_000),
      2_000,
    )
    .option("--batch <count>", "the number of messages in each request", whole(1, 1_000), 50)
    .option("--body <file>", "what each message holds: a JSON object, or a list of them, by turns; none: a number")
    .option("--to <entities...>", "only these queues and topics")
    .option("--no-failover", "post, process, count; no failover")
    .option("--empty-process", "run the consumers with a process() that does nothing")
    .option("--keep", "stay up afterwards, until Ctrl-C; print URLs, ports and a curl command")
    .addOption(
      new Option("--client <language>", "with --keep, the language of the client that is printed")
        .choices(LANGUAGES)
        .default("node"),
    )
    .option("--json", "print the ledger as JSON, and nothing else")
    .option("--no-synth", "run the stacks that are in cdktf.out")
    .option("--stamp <name>", "the stamp to run, where there are several; none: the first")
    .option("--port <port>", "the port of the primary region's producer; none: a free one", whole(1, 65_535))
    .action((options: StartOptions) => start(options)),
);

async function start(options: StartOptions): Promise<void> {
  const { result, local } = await runFlow(options);
  process.stdout.write(options.json ? json(result) : `\n${reportOf(result)}`);
  const failures = local.failures();
  for (const failure of failures)
    process.stderr.write(`The local Azure failed, so the run proves nothing: ${failure.stack ?? failure.message}\n`);
  if (!result.ledger.balanced || failures.length > 0) {
    process.exitCode = 1;
    process.stderr.write(`The logs of the instances are in ${keepLogs(local.host.logs)}.\n`);
  }
  if (options.keep) await stayUp(local, options);
}

async function runFlow(options: StartOptions): Promise<{ readonly result: RunResult; readonly local: LocalAzure }> {
  const folder = temporaryFolder("locked-down-run");
  const bodies = options.body === undefined ? undefined : bodiesIn(options.body);
  const failsOver = options.failover && options.messages > 0;
  let stacks: readonly SynthesizedStack[] = [];
  let stamp: Stamp;
  let local: LocalAzure | undefined;
  let flow: MessageFlow | undefined;
  let failover: FailoverOutcome | undefined;
  let producer = "";
  const running = (): { readonly local: LocalAzure; readonly flow: MessageFlow } => {
    if (!local || !flow) throw new Error("The local Azure is not running.");
    return { local, flow };
  };
  const ready = (): MessageFlow => running().flow;
  // Some before the failover, the others through it.
  const first = () => (failsOver && ready().secondary ? Math.ceil(options.messages * 0.4) : options.messages);
  const tasks = new Listr(
    [
      {
        title: options.synth ? "Synthesize the stacks" : "Read the stacks",
        task: (_context, task) => {
          const chosen = stampToRun(options.synth, options.stamp);
          ({ stacks, stamp } = chosen);
          if (failsOver && isPaired(chosen.stamp) && options.messages < FEWEST_FOR_FAILOVER) {
            throw new UsageError(
              `A failover needs at least ${FEWEST_FOR_FAILOVER} messages to go through it: raise --messages, or add --no-failover.`,
            );
          }
          producer = aProducerOf(chosen.stamp);
          if (options.to) refuseUnknown(stacks, options.to);
          const resources = stacks.reduce((sum, stack) => sum + resourcesOf(stack).length, 0);
          task.title = `${stacks.length} stacks with ${resources} resources ${options.synth ? "synthesized" : "read from cdktf.out"}`;
        },
      },
      {
        title: "Start Service Bus, names, telemetry and the function apps",
        task: async (_context, task) => {
          local = await startLocal({
            stacks,
            folder,
            ports: options.port === undefined ? {} : { [producer]: options.port },
            prepare: (azure) => {
              if (options.emptyProcess) useEmptyProcess(azure);
            },
          });
          const closed = closedWays(local);
          if (closed !== undefined) process.stderr.write(`${closed}\n\n`);
          flow = MessageFlow.ofOnlyStamp(local);
          await flow.draining.consumersListen(flow.primary.location);
          const { apps } = local.host;
          const instances = apps.reduce((sum, app) => sum + app.instances.length, 0);
          task.title = `${apps.length} function apps started, ${instances} instances, from the packages of the stacks: ${apps.map(({ app }) => app.name).join(", ")}`;
        },
      },
      {
        title: "Post messages in the primary region",
        enabled: () => options.messages > 0,
        task: async (_context, task) => {
          const { primary } = ready();
          const began = Date.now();
          let shown = "";
          const ticking = setInterval(() => {
            const now = `${ready().posting.posted.accepted} accepted, ${ready().observing.processedCount} processed`;
            // Without a terminal each is a line.
            if (now !== shown) task.output = shown = now;
          }, 500);
          try {
            // The first one alone, so that one operation has one message.
            const entities = entitiesOf(ready(), options.to);
            const [alone] = entities;
            await ready().posting.post({
              count: 1,
              batch: 1,
              region: primary.location,
              entities: alone ? [alone] : [],
              body: bodies,
            });
            await ready().posting.post({
              count: first() - 1,
              batch: options.batch,
              region: primary.location,
              entities,
              body: bodies,
            });
            const drained = await ready().draining.drained(DRAIN_MS);
            const seconds = ((Date.now() - began) / 1000).toFixed(1);
            task.title = `${first()} messages posted in ${primary.location}, ${ready().observing.processedCount} processed there in ${seconds} s${drained ? "" : "; not all"}`;
          } finally {
            clearInterval(ticking);
          }
        },
        rendererOptions: { bottomBar: 1 },
      },
      {
        title: "Fail over",
        enabled: () => failsOver,
        skip: () => (ready().secondary ? false : "No failover: the topology has no paired regions"),
        task: async (_context, task) => {
          failover = await failOver(ready(), {
            count: options.messages - first(),
            batch: options.batch,
            entities: entitiesOf(ready(), options.to),
            body: bodies,
            say: (what) => {
              task.output = what;
            },
            move: () =>
              failoverByCommand({
                local: running().local,
                stamp,
                location: ready().secondary?.location ?? "",
                folder,
                say: (line) => {
                  task.output = `npm run failover: ${line}`;
                },
              }),
          });
          task.title = "Failed over; the old primary has no messages left";
        },
        rendererOptions: { bottomBar: Infinity, persistentOutput: true },
      },
      {
        title: "Wait for the last telemetry",
        enabled: () => options.messages > 0,
        task: async (_context, task) => {
          for (let waited = 0; waited < TELEMETRY_MS && !tracedWhole(running().local); waited += 250) await pause(250);
          task.title = "Telemetry collected";
        },
      },
    ],
    progress(options.json),
  );
  if (options.emptyProcess && !options.json) process.stdout.write(`${EMPTY_PROCESS_NOTE}\n`);
  await tasks.run();
  const { local: azure } = running();
  const failed: readonly FailedCalls[] = failedCalls(ready().apps.all());
  const result: RunResult = {
    ledger: ready().observing.ledger(),
    telemetry: operationsIn(azure.ingestion.items),
    ...(failover ? { failover } : {}),
    ...(failed.length > 0 ? { failed } : {}),
  };
  return { result, local: azure };
}

/** Whether every message's way is there, and one with the SDK's own items, which it samples. */
function tracedWhole({ ingestion }: LocalAzure): boolean {
  const { whole: traced, operations, example } = operationsIn(ingestion.items);
  return traced === operations && example?.steps.length === 6;
}

function isPaired({ pairing }: Stamp): boolean {
  return pairing?.state === "paired";
}

async function stayUp(local: LocalAzure, { to, json: asJson, client: language }: StartOptions): Promise<void> {
  const flow = MessageFlow.ofOnlyStamp(local);
  const [entity] = entitiesOf(flow, to);
  const client = new Client(local);
  register(local, flow, client);
  // With --json, stdout is the ledger's.
  const out = asJson ? process.stderr : process.stdout;
  out.write(["", "Up until Ctrl-C:", ...connectionLines(local, flow, client, entity, language), "", ""].join("\n"));
  await new Promise(() => {
    // Until a signal ends the process; the servers keep it alive.
  });
}
