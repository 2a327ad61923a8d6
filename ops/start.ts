import { setTimeout as pause } from "node:timers/promises";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Command } from "commander";
import { Listr } from "listr2";
import { failOver, type FailoverOutcome } from "../local/flow/failover";
import { operationsIn } from "../local/flow/operations";
import { reportOf, type RunResult } from "./flow-report";
import { stampsIn } from "../local/azure/deployed-stamp";
import { azureFrom } from "../local/azure/from-stacks";
import { type SendableEntity, sendableEntities } from "../local/flow/destinations";
import { MessageFlow } from "../local/flow/message-flow";
import { LocalAzure } from "../local/local-azure";
import { synthesize } from "../synthesize";
import { readCdktfOut, resourcesOf, type SynthesizedStack } from "../synthesized/cdktf-out";
import { loadTopology } from "../topology/load";
import { UsageError } from "../usage-error";
import { primaryOf } from "../topology/names";
import type { Stamp } from "../topology/schema";
import { stacksOfStamp, stampNamed } from "./selection";
import { TENANT } from "../local/resource-manager/resource-manager";
import { onInterrupt, run } from "./command";
import { whole } from "./options";
import { progress } from "./progress";

interface StartOptions {
  readonly messages: number;
  readonly batch: number;
  readonly json?: boolean;
  readonly failover: boolean;
  readonly keep?: boolean;
  readonly synth: boolean;
  readonly to?: string[];
  readonly stamp?: string;
  readonly port?: number;
}

/** The SDK in the packages sends its telemetry every five seconds. */
const TELEMETRY_MS = 7_000;
const DRAIN_MS = 60_000;

const program = new Command("npm start --")
  .description("Synthesizes the stacks and runs them on this machine, through a failover, without Azure.")
  .option("--messages <count>", "the number of messages to post", whole(1, 1_000_000), 2_000)
  .option("--batch <count>", "the number of messages in each request", whole(1, 1_000), 50)
  .option("--to <entities...>", "only these queues and topics")
  .option("--no-failover", "post, process, count; no failover")
  .option("--keep", "stay up afterwards, until Ctrl-C; print URLs, ports and a curl command")
  .option("--json", "print the ledger as JSON, and nothing else")
  .option("--no-synth", "run the stacks that are in cdktf.out")
  .option("--stamp <name>", "the stamp to run, where there are several; none: the first")
  .option("--port <port>", "the port of the primary region's producer; none: a free one", whole(1, 65_535))
  .action((options: StartOptions) => {
    run(() => start(options));
  });

/** With fewer the primary has nothing in it when it goes down. */
const FEWEST_FOR_FAILOVER = 100;

async function start(options: StartOptions): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "locked-down-run-"));
  let local: LocalAzure | undefined;
  const state = { interrupted: false };
  const cleanUp = async () => {
    await local?.stop();
    rmSync(folder, { recursive: true, force: true });
  };
  onInterrupt(() => {
    state.interrupted = true;
    return cleanUp();
  });
  try {
    const result = await runFlow(options, folder, (started) => (local = started));
    process.stdout.write(options.json ? `${JSON.stringify(result, undefined, 2)}\n` : `\n${reportOf(result)}`);
    const failures = local?.failures() ?? [];
    for (const failure of failures)
      process.stderr.write(`The local Azure failed, so the run proves nothing: ${failure.stack ?? failure.message}\n`);
    if (!result.ledger.balanced || failures.length > 0) process.exitCode = 1;
    if (options.keep && local) await stayUp(local, options);
  } catch (error) {
    // What an interruption breaks off is not an error of its own.
    if (!state.interrupted) throw error;
  } finally {
    if (!state.interrupted) await cleanUp();
  }
}

async function runFlow(
  options: StartOptions,
  folder: string,
  started: (local: LocalAzure) => void,
): Promise<RunResult> {
  let stacks: readonly SynthesizedStack[] = [];
  let local: LocalAzure | undefined;
  let flow: MessageFlow | undefined;
  let failover: FailoverOutcome | undefined;
  let producer = "";
  const ready = (): MessageFlow => {
    if (!flow) throw new Error("The local Azure is not running.");
    return flow;
  };
  // Some before the failover, the others through it.
  const first = () => (options.failover && ready().secondary ? Math.ceil(options.messages * 0.4) : options.messages);
  const tasks = new Listr(
    [
      {
        title: options.synth ? "Synthesize the stacks" : "Read the stacks",
        task: (_context, task) => {
          const chosen = stampToRun(options);
          ({ stacks } = chosen);
          if (options.failover && isPaired(chosen.stamp) && options.messages < FEWEST_FOR_FAILOVER) {
            throw new UsageError(
              `A failover needs at least ${FEWEST_FOR_FAILOVER} messages to go through it: raise --messages, or add --no-failover.`,
            );
          }
          producer = primaryOf(chosen.stamp).functionApps.producer;
          if (options.to) refuseUnknown(stacks, options.to);
          const resources = stacks.reduce((sum, stack) => sum + resourcesOf(stack).length, 0);
          task.title = `${stacks.length} stacks with ${resources} resources ${options.synth ? "synthesized" : "read from cdktf.out"}`;
        },
      },
      {
        title: "Start Service Bus, names, telemetry and the function apps",
        task: async (_context, task) => {
          local = await LocalAzure.start({
            stacks,
            folder,
            ports: options.port === undefined ? {} : { [producer]: options.port },
          });
          started(local);
          flow = MessageFlow.ofOnlyStamp(local);
          await flow.draining.consumersListen(flow.primary.location);
          const { apps } = local.host;
          const instances = apps.reduce((sum, app) => sum + app.instances.length, 0);
          task.title = `${apps.length} function apps started, ${instances} instances, from the packages in cdktf.out: ${apps.map(({ app }) => app.name).join(", ")}`;
        },
      },
      {
        title: "Post messages in the primary region",
        task: async (_context, task) => {
          const { primary } = ready();
          const began = Date.now();
          const ticking = setInterval(() => {
            task.output = `${ready().posting.posted.accepted} accepted, ${ready().observing.processedCount} processed`;
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
            });
            await ready().posting.post({
              count: first() - 1,
              batch: options.batch,
              region: primary.location,
              entities,
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
        enabled: () => options.failover,
        skip: () => (ready().secondary ? false : "No failover: the topology has no paired regions"),
        task: async (_context, task) => {
          failover = await failOver(ready(), {
            count: options.messages - first(),
            batch: options.batch,
            entities: entitiesOf(ready(), options.to),
            say: (what) => {
              task.output = what;
            },
          });
          task.title = "Failed over; the old primary has no messages left";
        },
        rendererOptions: { bottomBar: Infinity, persistentOutput: true },
      },
      {
        title: "Wait for the last telemetry",
        task: async (_context, task) => {
          for (let waited = 0; waited < TELEMETRY_MS && !tracedWhole(local); waited += 250) await pause(250);
          task.title = "Telemetry collected";
        },
      },
    ],
    progress(options.json),
  );
  await tasks.run();
  return {
    ledger: ready().observing.ledger(),
    telemetry: operationsIn(local?.ingestion.items ?? []),
    ...(failover ? { failover } : {}),
  };
}

/** Whether every message's way is there, and one with the SDK's own items, which it samples. */
function tracedWhole(local: LocalAzure | undefined): boolean {
  const { whole, operations, example } = operationsIn(local?.ingestion.items ?? []);
  return whole === operations && example?.steps.length === 6;
}

/** The stamp that is run, and its stacks alone. @throws UsageError where there is no such stamp */
function stampToRun({ synth, stamp: name }: StartOptions): {
  stamp: Stamp;
  stacks: readonly SynthesizedStack[];
} {
  const { topology, stacks } = synth
    ? synthesize()
    : { topology: loadTopology(), stacks: readCdktfOut(process.env.CDKTF_OUTDIR ?? "cdktf.out") };
  const stamp = stampNamed(topology, name);
  return { stamp, stacks: stacksOfStamp(stacks, stamp) };
}

function isPaired({ pairing }: Stamp): boolean {
  return pairing?.state === "paired";
}

function refuseUnknown(stacks: readonly SynthesizedStack[], names: readonly string[]): void {
  const azure = azureFrom(stacks);
  for (const stamp of stampsIn(azure)) entitiesNamed(sendableEntities(azure, stamp), names);
}

function entitiesOf({ posting }: MessageFlow, names: readonly string[] | undefined): readonly SendableEntity[] {
  return names === undefined ? posting.entities() : entitiesNamed(posting.entities(), names);
}

/** @throws UsageError where a name is none of a queue or topic that can be posted to */
function entitiesNamed(entities: readonly SendableEntity[], names: readonly string[]): SendableEntity[] {
  return names.map((name) => {
    const entity = entities.find((candidate) => candidate.name === name);
    if (!entity) {
      throw new UsageError(
        `There is no queue or topic "${name}" to post to, only ${entities.map((each) => each.name).join(", ")}: --to takes these.`,
      );
    }
    return entity;
  });
}

async function stayUp(local: LocalAzure, { to, json }: StartOptions): Promise<void> {
  const { host, azure, broker, resourceManager, authorityPath } = local;
  const flow = MessageFlow.ofOnlyStamp(local);
  const [entity] = entitiesOf(flow, to);
  const { app, url } = flow.apps.producer(flow.primary.location);
  const body = JSON.stringify({ hello: "world", ...(entity?.requiresSession ? { sessionId: "session-1" } : {}) });
  const token = flow.posting.tokenFor(app);
  const authorization = token === undefined ? "" : ` -H 'authorization: Bearer ${token}'`;
  // With --json, stdout is the ledger's.
  const out = json ? process.stderr : process.stdout;
  out.write(
    [
      "",
      "Up until Ctrl-C:",
      ...host.apps.map((running) => `  ${running.app.name}  ${running.url}`),
      ...azure.namespaces
        .all()
        .map(({ name }) => `  ${name}.servicebus.windows.net  127.0.0.1:${broker.port(name)} (AMQP over TLS)`),
      `  Resource Manager  ${resourceManager.origin}, tenant ${TENANT}, subscription ${flow.primary.id.split("/")[2] ?? ""}; client secret ${resourceManager.clientSecret}`,
      `  certificate authority  ${authorityPath}`,
      `  logs  ${host.logs}`,
      "",
      `  curl -i ${url}/api/messages/${entity?.name ?? ""} -H 'content-type: application/json'${authorization} -d '${body}'`,
      "",
      "",
    ].join("\n"),
  );
  await new Promise(() => {
    // Until a signal ends the process; the servers keep it alive.
  });
}

program.parse();
