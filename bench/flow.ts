import { setTimeout as pause } from "node:timers/promises";
import { type ChildProcess, fork, spawnSync } from "node:child_process";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { message } from "rhea";
import { PRODUCER_ENTITIES } from "../functions/producer/entities";
import type { Azure, FunctionApp } from "../local/azure/azure";
import type { QueueDefinition } from "../local/azure/messaging";
import { LocalAzure } from "../local/local-azure";
import { kindOf } from "../local/azure/app-kind";
import { stampsIn } from "../local/azure/deployed-stamp";
import { MessageFlow } from "../local/flow/message-flow";
import { Content } from "../local/service-bus/entities/content";
import { table } from "../ops/frame/table";
import { packageWith } from "../packaging/package-functions";
import { synthesize } from "../synthesize";
import { producerEntitiesOf } from "../topology/app-lists";
import { loadTopology } from "../topology/load";
import { requestLimitsOf } from "../topology/request-limits";
import { runBench } from "./run";
import type { Done, Task } from "./cases/flow-client";
import { REFERENCE } from "./reference";
import { inTurn, median, quantile, verdict } from "./statistics";
import { packageLoads } from "./cases/package-load";
import { WORST_BODIES } from "./cases/worst-request";

/**
 * npm run bench:flow — what the functions add to the host and the SDK, as ratios in one run on the same broker. Cases take turns.
 * The telemetry is off: it would be measured instead.
 */
/** Many short ones: what else the machine does then meets every case alike. */
const ROUNDS = 30;
const MESSAGES = 1_500;
const BATCHES = { batches: 50, size: 100 };
const PARALLEL = 4;
const SINGLES = 700;
const LOADS = 7;
/** What the names of the apps end with that do the least a handler can do. */
const BASELINE = "-baseline";
const FEW = 1_000;
const MANY = 100_000;
const LATENCIES = 300;
const SOAK = 400_000;

const folder = mkdtempSync(join(tmpdir(), "bench-flow-"));

interface Row {
  readonly what: string;
  readonly result: string;
  readonly goal: string;
  readonly met: boolean | undefined;
}

async function bench(): Promise<void> {
  const { stacks } = synthesize({ topology: loadTopology(REFERENCE), outdir: join(folder, "cdktf.out") });
  const local = await LocalAzure.start({
    stacks,
    folder: join(folder, "run"),
    telemetry: false,
    instances: 1,
    prepare,
  });
  const client = clientOf(local);
  try {
    // First: later cases leave messages in their queues.
    const rows: Row[] = [await soak(client)];
    rows.push(...(await consumer(local, client)));
    rows.push(...(await producer(local, client)));
    rows.push(...(await depth(local, client)));
    rows.push(await latency(local));
    rows.push(...worstRequests());
    rows.push(...(await loading()));
    process.stdout.write(
      `${table(
        ["", "result", "goal", ""],
        rows.map(({ what, result, goal, met }) => [what, result, goal, verdict(met)]),
      )}\n`,
    );
  } finally {
    client.kill();
    await local.stop();
  }
}

/** One region's apps, and queues beside the stacks' own that no consumer takes from. */
function prepare(azure: Azure): void {
  const [stamp] = stampsIn(azure);
  if (!stamp) throw new Error("The bench needs a stamp.");
  const { primary } = stamp;
  for (const { id, location } of azure.apps.all()) if (location !== primary.location) azure.apps.remove(id);
  const { queues, topics } = azure.entitiesOf(primary.id);
  const [queue1] = queues;
  if (!queue1) throw new Error("The bench needs the shipped topology's queue.");
  const beside = (name: string): QueueDefinition => ({ ...queue1, name });
  azure.declareEntities(primary.id, {
    queues: [
      ...queues,
      ...["bare", "baseline", "through-producer", "few", "many"].map(beside),
      // The ids of a window are kept on purpose.
      { ...beside("soak"), duplicateWindowMs: undefined },
    ],
    topics,
  });
  for (const app of azure.apps.all()) {
    if (kindOf(app) !== "producer") continue;
    const entities = ["through-producer", "queue1"].map((name) => ({
      name,
      maxMessageBytes: 1_048_576,
      requiresSession: false,
    }));
    azure.apps.put({ ...app, settings: { ...app.settings, [PRODUCER_ENTITIES]: JSON.stringify(entities) } });
  }
  for (const app of azure.apps.all()) addBaseline(azure, app);
  for (const role of ["Sender", "Receiver"]) {
    azure.roleAssignments.put({ principalId: "bench", role: `Azure Service Bus Data ${role}`, scope: primary.id });
  }
}

/** An app beside the shipped one, with the same identity in the same host, that does the least a handler can do. */
function addBaseline(azure: Azure, app: FunctionApp): void {
  const kind = kindOf(app);
  if (kind === "other") return;
  const { path, hash } = packageWith(kind, `bench/cases/baseline-${kind}.ts`, join(folder, BASELINE));
  const id = `${app.id}${BASELINE}`;
  azure.apps.put({
    ...app,
    id,
    name: `${app.name}${BASELINE}`,
    settings: { ...app.settings, BASELINE_QUEUE: "baseline" },
  });
  azure.packages.put({ siteId: id, path, hash });
}

/** Messages a second: the shipped consumer, one in the same host that only logs one line, and a bare subscriber with as many messages in hand. */
async function consumer(local: LocalAzure, client: ChildProcess): Promise<Row[]> {
  const namespace = primaryOf(local);
  // host.json: 16 calls at a time, none prefetched.
  await tell(client, { kind: "subscribe", queue: "bare", concurrency: 16 });
  const rates = { queue1: [] as number[], baseline: [] as number[], bare: [] as number[] };
  for (let round = 0; round <= ROUNDS; round += 1) {
    for (const queue of ["bare", "baseline", "queue1"] as const) {
      const began = performance.now();
      fill(local, queue, MESSAGES);
      const entity = local.broker.entities(namespace).receivable(queue);
      while (entity.counts.active > 0) await pause(5);
      if (round > 0) rates[queue].push((MESSAGES / (performance.now() - began)) * 1000);
    }
  }
  await tell(client, { kind: "unsubscribe" });
  return [
    row("consumer / one that only logs a line", rates.queue1, rates.baseline, 0.9),
    row("consumer / bare SDK subscriber", rates.queue1, rates.bare),
  ];
}

/** What takes turns as a producer: the shipped one, and a handler in the same host that does less, by what it does beside parsing and sending. */
type Producer = "ours" | "baseline" | "properties" | "properties,log";
const PRODUCERS = {
  single: ["baseline", "properties", "properties,log", "ours"],
  lines: ["baseline", "properties", "ours"],
  array: ["baseline", "ours"],
} as const satisfies Record<string, readonly Producer[]>;
type Form = keyof typeof PRODUCERS;

/** Messages a second: the shipped producer, the handlers that do less, and the bare SDK; without the local front end. */
async function producer(local: LocalAzure, client: ChildProcess): Promise<Row[]> {
  const urlOf = (which: Producer) => {
    const running = local.host.apps.find(
      ({ app }) => app.settings[PRODUCER_ENTITIES] !== undefined && app.name.endsWith(BASELINE) === (which !== "ours"),
    );
    const url = `http://127.0.0.1:${running?.instances[0]?.port ?? 0}/api/messages/through-producer`;
    return which === "ours" || which === "baseline" ? url : `${url}?with=${which}`;
  };
  const FORMS = { single: { batches: SINGLES, size: 1 }, lines: BATCHES, array: BATCHES };
  const bareRates: number[] = [];
  const rates = new Map<string, number[]>();
  const of = (form: Form, which: Producer): number[] => {
    const list = rates.get(`${form} ${which}`) ?? [];
    rates.set(`${form} ${which}`, list);
    return list;
  };
  const perSecond = ({ batches, size }: typeof BATCHES, { milliseconds }: Done) =>
    ((batches * size) / milliseconds) * 1000;
  for (let round = 0; round <= ROUNDS; round += 1) {
    const bare = await tell(client, { kind: "send", queue: "bare", ...BATCHES, parallel: PARALLEL });
    if (round > 0) bareRates.push(perSecond(BATCHES, bare));
    for (const form of ["single", "lines", "array"] as const) {
      // Each goes first as often as the others.
      for (const which of rotated<Producer>(PRODUCERS[form], round)) {
        const url = urlOf(which);
        const done = await tell(client, { kind: "post", url, form, ...FORMS[form], parallel: PARALLEL });
        if (round > 0) of(form, which).push(perSecond(FORMS[form], done));
      }
    }
  }
  const least = "one that only parses and sends";
  const against = (what: string, form: Form, which: Producer, goal?: number) =>
    row(`${what} / ${least}, ${written[form]}`, of(form, which), of(form, "baseline"), goal);
  const written = {
    single: "one message a request",
    lines: `NDJSON of ${BATCHES.size}`,
    array: `arrays of ${BATCHES.size}`,
  };
  return [
    against("producer", "single", "ours", 0.95),
    against("producer", "lines", "ours", 0.95),
    against("producer", "array", "ours"),
    against("a handler that also sets the producer's properties", "single", "properties"),
    against("a handler that also sets the producer's properties", "lines", "properties"),
    against("a handler that also sets them and logs the line", "single", "properties,log"),
    row(`producer, arrays / bare sendMessages, batches of ${BATCHES.size}`, of("array", "ours"), bareRates),
    row("producer, arrays / one message a request", of("array", "ours"), of("single", "ours")),
  ];
}

function rotated<Item>(items: readonly Item[], by: number): Item[] {
  const first = by % items.length;
  return [...items.slice(first), ...items.slice(0, first)];
}

/**
 * The ratio is the median of the rounds' ratios: a machine that grows slower during the run then slows both.
 *
 * @param goal none: the ratio is printed, and nothing is asked of it
 */
function row(what: string, ours: readonly number[], theirs: readonly number[], goal?: number): Row {
  const ratio = median(ours.map((rate, round) => rate / (theirs[round] ?? Number.NaN)));
  return {
    what: `${what}, messages a second`,
    result: `${ratio.toFixed(2)} (${rate(ours)} / ${rate(theirs)})`,
    goal: goal === undefined ? "-" : `>= ${goal}`,
    met: goal === undefined ? undefined : ratio >= goal,
  };
}

/** The broker's own rate, in and out, with few and with many messages waiting. */
async function depth(local: LocalAzure, client: ChildProcess): Promise<Row[]> {
  fill(local, "few", FEW);
  fill(local, "many", MANY);
  const [batches, size] = [10, 200];
  const through = async (queue: string) => {
    const { milliseconds } = await tell(client, { kind: "through", queue, batches, size });
    return ((batches * size) / milliseconds) * 1000;
  };
  const rates = await inTurn({ few: () => through("few"), many: () => through("many") }, ROUNDS);
  const ratio = median(rates.many.map((rate, round) => rate / (rates.few[round] ?? Number.NaN)));
  return [
    {
      what: `broker and SDK with ${MANY} waiting / with ${FEW}, messages a second in and out`,
      result: `${ratio.toFixed(2)} (${rate(rates.many)} / ${rate(rates.few)})`,
      goal: "the same (>= 0.9)",
      met: ratio >= 0.9,
    },
  ];
}

/** What the local Azure's process keeps of messages that have come and gone. */
async function soak(client: ChildProcess): Promise<Row> {
  const [batches, size] = [50, 200];
  const round = () => tell(client, { kind: "through", queue: "soak", batches, size });
  // The first rounds compile, and open connections.
  for (let warm = 0; warm < 3; warm += 1) await round();
  const before = heapMegabytes();
  for (let sent = 0; sent < SOAK; sent += batches * size) await round();
  const after = heapMegabytes();
  return {
    what: `memory after ${SOAK} messages in and out / before, without what is garbage`,
    result: `${(after / before).toFixed(2)} (${after.toFixed(0)} MB / ${before.toFixed(0)} MB)`,
    goal: "the same (<= 1.1)",
    met: after / before <= 1.1,
  };
}

function heapMegabytes(): number {
  setFlagsFromString("--expose-gc");
  (runInNewContext("gc") as () => void)();
  return process.memoryUsage().heapUsed / 1_048_576;
}

/** From the POST to the line that says processed, one message at a time. */
async function latency(local: LocalAzure): Promise<Row> {
  const flow = MessageFlow.ofOnlyStamp(local, "latency");
  const region = flow.primary.location;
  const entities = [{ name: "queue1", requiresSession: false, maxMessageBytes: 1_048_576 }];
  await flow.posting.post({ count: LATENCIES, batch: 1, parallel: 1, region, entities });
  if (!(await flow.draining.drained(10_000))) throw new Error("Not every message was processed.");
  const began = new Map(flow.posting.posted.all().map(({ id, attempts }) => [id, attempts[0]?.began ?? Number.NaN]));
  const delays = flow.observing.processed().flatMap(({ messageId, at }) => {
    const start = began.get(messageId);
    return start === undefined ? [] : [at - start];
  });
  return {
    what: `POST to processed, ${LATENCIES} messages one at a time`,
    result: `p50 ${quantile(delays, 0.5)} ms, p99 ${quantile(delays, 0.99)} ms`,
    goal: "-",
    met: undefined,
  };
}

/** The most expensive requests within the reference topology's limits; memory is the growth of the process. */
function worstRequests(): Row[] {
  const [stamp] = loadTopology(REFERENCE).stamps;
  if (!stamp) return [];
  const limits = requestLimitsOf(stamp);
  const largest = Math.max(...producerEntitiesOf(stamp).map(({ maxMessageBytes }) => maxMessageBytes));
  return WORST_BODIES.map((name) => {
    const script = join(__dirname, "cases/worst-request.ts");
    const { stdout } = spawnSync(
      process.execPath,
      ["--import", "tsx", script, name, JSON.stringify(limits), String(largest)],
      { encoding: "utf8", stdio: ["ignore", "pipe", "inherit"] },
    );
    const { milliseconds, megabytes } = JSON.parse(stdout) as { milliseconds: number; megabytes: number };
    return {
      what: `the worst request of ${limits.items} messages and ${limits.bytes} bytes: ${name}`,
      result: `${Math.round(milliseconds)} ms, ${Math.round(megabytes)} MB`,
      goal: "-",
      met: undefined,
    };
  });
}

async function loading(): Promise<Row[]> {
  const rows: Row[] = [];
  const megabytes = (bytes: number) => (bytes / 1_048_576).toFixed(2);
  for (const app of ["producer", "consumer"] as const) {
    const { bundled, unbundled } = await packageLoads(app, join(folder, app), LOADS);
    rows.push(
      {
        what: `${app} package without telemetry, time to load, bundled / unbundled`,
        result: `${(bundled.milliseconds / unbundled.milliseconds).toFixed(2)} (${Math.round(bundled.milliseconds)} ms / ${Math.round(unbundled.milliseconds)} ms)`,
        goal: "<= 300 ms",
        met: bundled.milliseconds <= 300,
      },
      {
        what: `${app} package without telemetry, size, zipped / the folders it comes from`,
        result: `${(bundled.bytes / unbundled.bytes).toFixed(3)} (${megabytes(bundled.bytes)} MB / ${megabytes(unbundled.bytes)} MB)`,
        goal: "<= 2 MB",
        met: bundled.bytes <= 2 * 1_048_576,
      },
    );
  }
  return rows;
}

let filled = 0;

/** Messages of about 256 bytes, put in without a client. */
function fill(local: LocalAzure, queue: string, count: number): void {
  const entities = local.broker.entities(primaryOf(local));
  for (let index = 0; index < count; index += 1) {
    filled += 1;
    entities.send(queue, [contentOf(`filled-${filled}`)]);
  }
}

function contentOf(id: string): Content {
  const body = Buffer.from(JSON.stringify({ id, text: "x".repeat(200) }));
  return Content.of(message.encode({ message_id: id, body: message.data_section(body) as unknown }));
}

function primaryOf({ azure }: LocalAzure): string {
  return stampsIn(azure)[0]?.primary.name ?? "";
}

function clientOf(local: LocalAzure): ChildProcess {
  const name = primaryOf(local);
  const token = local.authority.issue(
    { principalId: "bench", clientId: "bench" },
    "https://servicebus.azure.net",
  ).token;
  return fork(join(__dirname, "cases/flow-client.ts"), {
    execArgv: ["--import", "tsx"],
    env: {
      PATH: process.env.PATH,
      NODE_EXTRA_CA_CERTS: local.authorityPath,
      BENCH_HOST: `${name}.servicebus.windows.net`,
      BENCH_PORT: String(local.broker.port(name)),
      BENCH_TOKEN: token,
    },
  });
}

function tell(client: ChildProcess, task: Task): Promise<Done> {
  return new Promise((resolve, reject) => {
    const ended = () => {
      reject(new Error("The client ended; its reason is above."));
    };
    client.once("exit", ended);
    client.once("message", (done: Done) => {
      client.off("exit", ended);
      resolve(done);
    });
    client.send(task);
  });
}

function rate(values: readonly number[]): string {
  return `${Math.round(median(values))}/s`;
}

runBench(bench, folder);
