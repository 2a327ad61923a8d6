import { setTimeout as pause } from "node:timers/promises";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Command, InvalidArgumentError } from "commander";
import { Listr } from "listr2";
import { failOver, type FailoverOutcome } from "../local/flow/failover";
import { operationsIn } from "../local/flow/operations";
import { reportOf, type RunResult } from "./flow-report";
import { azureFrom } from "../local/azure/from-stacks";
import { type Target, targetsIn } from "../local/flow/destinations";
import { Stage } from "../local/flow/stage";
import { LocalAzure } from "../local/local-azure";
import { synthesize } from "../synthesize";
import { readCdktfOut, resourcesOf, type SynthesizedStack } from "../synthesized/cdktf-out";
import { loadTopology } from "../topology/load";
import { UsageError } from "../topology/mistake";
import { stacksOfStamp } from "./selection";
import { TENANT } from "../local/resource-manager/resource-manager";
import { onInterrupt, run } from "./command";
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
  .option("--messages <count>", "how many messages are posted", whole(1, 1_000_000), 2_000)
  .option("--batch <count>", "messages a request", whole(1, 1_000), 50)
  .option("--to <entities...>", "only these queues and topics")
  .option("--no-failover", "no drill: post, drain, count")
  .option("--keep", "stay up afterwards, until Ctrl-C")
  .option("--json", "print the ledger as JSON, and nothing else")
  .option("--no-synth", "run what is in cdktf.out")
  .option("--stamp <name>", "the stamp to run, where there are several; none: the first")
  .option("--port <port>", "the port of the primary region's producer; none: a free one", whole(1, 65_535))
  .action((options: StartOptions) => {
    run(() => start(options));
  });

/** With fewer the primary has nothing in it when it goes down. */
const FEWEST_FOR_FAILOVER = 100;

async function start(options: StartOptions): Promise<void> {
  if (options.failover && options.messages < FEWEST_FOR_FAILOVER) {
    throw new UsageError(
      `A failover needs at least ${FEWEST_FOR_FAILOVER} messages to go through it: raise --messages, or add --no-failover.`,
    );
  }
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
  let stacks: SynthesizedStack[] = [];
  let local: LocalAzure | undefined;
  let stage: Stage | undefined;
  let failover: FailoverOutcome | undefined;
  const ready = (): Stage => {
    if (!stage) throw new Error("The small Azure is not up.");
    return stage;
  };
  // Some before the failover, the others through it.
  const first = () => (options.failover && ready().secondary ? Math.ceil(options.messages * 0.4) : options.messages);
  const tasks = new Listr(
    [
      {
        title: options.synth ? "Synthesize the stacks" : "Read the stacks",
        task: (_context, task) => {
          stacks = stacksToRun(options);
          if (options.to) targetsNamed(targetsIn(azureFrom(stacks)), options.to);
          const resources = stacks.reduce((sum, stack) => sum + resourcesOf(stack).length, 0);
          task.title = `${stacks.length} stacks with ${resources} resources ${options.synth ? "synthesized" : "read from cdktf.out"}`;
        },
      },
      {
        title: "Start Service Bus, names, telemetry and the function apps",
        task: async (_context, task) => {
          local = await LocalAzure.start({ stacks, folder, ports: portsFor(options, stacks) });
          started(local);
          stage = new Stage(local);
          await stage.consumersListen(stage.primary.location);
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
            task.output = `${ready().submissions.accepted} accepted, ${ready().processedCount} processed`;
          }, 500);
          try {
            // The first one alone, so that one operation has one message.
            const [alone] = targetsOf(ready(), options.to);
            await ready().post({ count: 1, batch: 1, region: primary.location, targets: alone ? [alone] : [] });
            await ready().post({
              count: first() - 1,
              batch: options.batch,
              region: primary.location,
              targets: targetsOf(ready(), options.to),
            });
            const drained = await ready().drained(DRAIN_MS);
            const seconds = ((Date.now() - began) / 1000).toFixed(1);
            task.title = `${first()} messages posted in ${primary.location}, ${ready().processedCount} processed there in ${seconds} s${drained ? "" : "; not all"}`;
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
            targets: targetsOf(ready(), options.to),
            say: (what) => {
              task.output = what;
            },
          });
          task.title = "Failed over, and the old primary drained";
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
    ledger: ready().ledger(),
    telemetry: operationsIn(local?.ingestion.items ?? []),
    ...(failover ? { failover } : {}),
  };
}

/** Whether every message's way is there, and one with the SDK's own items, which it samples. */
function tracedWhole(local: LocalAzure | undefined): boolean {
  const { whole, operations, example } = operationsIn(local?.ingestion.items ?? []);
  return whole === operations && example?.steps.length === 6;
}

function stacksToRun({ synth, stamp }: StartOptions): SynthesizedStack[] {
  const outdir = synth ? synthesize().outdir : (process.env.CDKTF_OUTDIR ?? "cdktf.out");
  const { stamps } = loadTopology();
  const chosen = stamp === undefined ? stamps[0] : stamps.find(({ name }) => name === stamp);
  if (!chosen) {
    const names = stamps.map(({ name }) => name ?? "(unnamed)").join(", ");
    throw new UsageError(`There is no stamp "${stamp ?? ""}", only ${names}: --stamp takes one of them.`);
  }
  return stacksOfStamp(readCdktfOut(outdir), chosen);
}

function portsFor({ port }: StartOptions, stacks: readonly SynthesizedStack[]): Record<string, number> {
  if (port === undefined) return {};
  const { stamps } = loadTopology();
  const stamp = stamps.find((candidate) => stacksOfStamp(stacks, candidate).length > 0);
  const region = stamp?.regions.find(({ location }) => location === stamp.primary);
  return region ? { [region.functionApps.producer]: port } : {};
}

function targetsOf(stage: Stage, names: readonly string[] | undefined): readonly Target[] {
  return names === undefined ? stage.targets() : targetsNamed(stage.targets(), names);
}

/** @throws UsageError where a name is none of a queue or topic that can be posted to */
function targetsNamed(targets: readonly Target[], names: readonly string[]): Target[] {
  return names.map((name) => {
    const target = targets.find((candidate) => candidate.name === name);
    if (!target) {
      throw new UsageError(
        `There is no queue or topic "${name}" to post to, only ${targets.map((each) => each.name).join(", ")}: --to takes these.`,
      );
    }
    return target;
  });
}

async function stayUp(local: LocalAzure, { to, json }: StartOptions): Promise<void> {
  const { host, azure, broker, resourceManager, authorityPath } = local;
  const stage = new Stage(local);
  const [target] = targetsOf(stage, to);
  const { app, url } = stage.producer(stage.primary.location);
  const body = JSON.stringify({ hello: "world", ...(target?.requiresSession ? { sessionId: "session-1" } : {}) });
  const token = stage.tokenFor(app);
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
      `  Resource Manager  ${resourceManager.origin}, tenant ${TENANT}, subscription ${stage.primary.id.split("/")[2] ?? ""}; it signs any client in, whatever the secret`,
      `  certificate authority  ${authorityPath}`,
      `  logs  ${host.logs}`,
      "",
      `  curl -i ${url}/api/messages/${target?.name ?? ""} -H 'content-type: application/json'${authorization} -d '${body}'`,
      "",
      "",
    ].join("\n"),
  );
  await new Promise(() => {
    // Until a signal ends the process; the servers keep it alive.
  });
}

function whole(minimum: number, maximum: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!Number.isInteger(value) || value < minimum || value > maximum) {
      throw new InvalidArgumentError(`It is a whole number from ${minimum} to ${maximum}.`);
    }
    return value;
  };
}

program.parse();
