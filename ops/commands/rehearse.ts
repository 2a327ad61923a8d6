import { appendFileSync, writeFileSync } from "node:fs";
import { Listr } from "listr2";
import { Failure, UsageError } from "../../failure";
import { parsePath } from "../../local/resource-manager/arm/resource-id";
import type { SynthesizedStack } from "../../synthesized/cdktf-out";
import { loadTopology } from "../../topology/load";
import type { Topology } from "../../topology/schema";
import { refuseFindings } from "../findings";
import { command, run } from "../frame/command";
import { atEnd, temporaryFolder } from "../frame/ending";
import { json } from "../frame/options";
import { progress } from "../frame/progress";
import { type ChainLink, longestChain } from "../rehearsal/longest-chain";
import { Rehearsal } from "../rehearsal/rehearsal";
import { changeLines, reportOf } from "../rehearsal/report";
import type { PlannedChange } from "../rehearsal/stack-run";
import { refuseUnknown, select, stackNamesOf } from "../selection";

interface RehearseOptions {
  readonly failover?: boolean;
  readonly keep?: boolean;
  readonly serial?: boolean;
  readonly record?: string;
  readonly json?: boolean;
}

run(
  command({
    name: "npm run rehearse --",
    description:
      "Deploys the stacks to a local Azure with the real Terraform and azurerm, posts messages, and destroys everything.",
    examples: [
      ["npm run rehearse", "every stack"],
      ["npm run rehearse -- 'messaging-*'", "some stacks, and what they need"],
      ["npm run rehearse -- --failover", "a failover, and what the next plan says"],
    ],
  })
    .argument("[stacks...]", "names or globs of stacks; those that they depend on are included; none: all")
    .option("--failover", "fail over after the deployment, and show what the next plan says")
    .option("--keep", "stay up after the deployment, and print the environment for Terraform or cdktf by hand")
    .option("--serial", "one stack after another")
    .option("--record <file>", "write each call of azurerm to a file, one in each line")
    .option("--json", "print the stacks and their times as JSON, and nothing else")
    .action((patterns: string[], options: RehearseOptions) => rehearse(patterns, options)),
);

async function rehearse(patterns: readonly string[], options: RehearseOptions): Promise<void> {
  const topology = loadTopology();
  const paired = topology.stamps.some(({ pairing }) => pairing?.state === "paired");
  if (options.failover && (!paired || patterns.length > 0)) {
    throw new UsageError("--failover needs paired regions and all stacks: give no stack names.");
  }
  refuseUnknown(stackNamesOf(topology), patterns);
  if (options.json && options.keep) throw new UsageError("--json ends with the report, and --keep stays up: use one.");
  const folder = temporaryFolder("locked-down-rehearsal");
  const starting: { rehearsal?: Promise<Rehearsal> } = {};
  atEnd(async () => {
    const rehearsal = await starting.rehearsal?.catch(() => undefined);
    rehearsal?.interrupt();
    await rehearsal?.ended();
    await rehearsal?.stop();
  });
  await phases(topology, folder, patterns, options, (rehearsal) => {
    starting.rehearsal = rehearsal;
  });
}

async function phases(
  topology: Topology,
  folder: string,
  patterns: readonly string[],
  { failover, keep, serial, record, json: asJson }: RehearseOptions,
  started: (rehearsal: Promise<Rehearsal>) => void,
): Promise<void> {
  const context: { rehearsal?: Rehearsal; stacks: readonly SynthesizedStack[]; chain: readonly ChainLink[] } = {
    stacks: [],
    chain: [],
  };
  const rehearsal = (): Rehearsal => {
    if (!context.rehearsal) throw new Error("The local Azure is not running.");
    return context.rehearsal;
  };
  const whole = patterns.length === 0;
  const output = { task: (_what: string): void => undefined };
  const withOutput = (task: { output: string }) => {
    output.task = (what) => {
      task.output = what;
    };
  };
  const tasks = new Listr(
    [
      {
        title: "Start the local Azure",
        task: async (_context, task) => {
          const starting = Rehearsal.start({
            topology,
            folder,
            serially: serial,
            select: (stacks) => {
              const { stacks: chosen, prerequisites } = select(stacks, topology, { patterns });
              return stacks.filter((stack) => chosen.includes(stack) || prerequisites.includes(stack));
            },
            say: (what) => {
              output.task(what);
            },
          });
          started(starting);
          context.rehearsal = await starting;
          if (record !== undefined) recordTo(record, context.rehearsal);
          task.title = `A local Azure at ${context.rehearsal.local.resourceManager.origin}, empty`;
        },
      },
      {
        title: "Synthesize; terraform init and validate",
        task: async (_context, task) => {
          withOutput(task);
          context.stacks = await rehearsal().prepare({ check: refuseFindings });
          context.chain = longestChain(context.stacks);
          await rehearsal().validate();
          task.title = `${context.stacks.length} stacks synthesized, initialized and valid`;
        },
      },
      {
        title: "Plan, apply, plan again",
        rendererOptions: { bottomBar: 1 },
        task: async (_context, task) => {
          withOutput(task);
          refuseChanges(await rehearsal().deploy(), "The second plan is not empty");
          task.title = `${rehearsal().stacks.length} stacks applied; each plans no changes afterwards`;
        },
      },
      {
        title: "Post a message in each region",
        skip: () => (whole ? false : "not every stack is deployed"),
        task: async (_context, task) => {
          task.title = await tryMessages(rehearsal(), "rehearsed");
        },
      },
      {
        title: "Fail over",
        enabled: () => failover === true,
        rendererOptions: { bottomBar: Infinity, persistentOutput: true },
        task: async (_context, task) => {
          await rehearsal().failOver();
          task.title = `Failed over. ${await tryMessages(rehearsal(), "failed-over")}`;
          for (const line of changeLines(await rehearsal().plan())) task.output = line;
        },
      },
      {
        title: "Remove protection, and destroy",
        enabled: () => keep !== true,
        rendererOptions: { bottomBar: 1 },
        task: async (_context, task) => {
          withOutput(task);
          if (failover) await rehearsal().giveUpAlias();
          else await rehearsal().unprotect();
          const left = await rehearsal().destroy();
          if (left.length > 0) throw new Failure(`Left after the teardown: ${left.join(", ")}.`);
          task.title = `${failover ? "Alias deleted by hand" : "Protection removed"}, everything destroyed, nothing left`;
        },
      },
    ],
    progress(asJson),
  );
  await tasks.run();
  process.stdout.write(
    asJson
      ? json({
          stacks: rehearsal().stacks.map(({ name, times }) => ({ name, milliseconds: times })),
          longestChain: context.chain,
        })
      : `\n${reportOf(context.stacks, rehearsal().stacks, context.chain)}\n`,
  );
  const failures = rehearsal().local.failures();
  for (const failure of failures)
    process.stderr.write(
      `The local Azure failed, so the rehearsal proves nothing: ${failure.stack ?? failure.message}\n`,
    );
  if (failures.length > 0) process.exitCode = 1;
  if (keep) await stayUp(rehearsal());
}

/** Writes are all written down, in their order; reads once for each type and answer. */
function recordTo(file: string, { local }: Rehearsal): void {
  const seen = new Set<string>();
  writeFileSync(file, "");
  local.resourceManager.record = (exchange) => {
    const { method, path, status } = exchange;
    const kind = `${method} ${parsePath(path)?.type ?? path} ${parsePath(path)?.trailing ?? ""} ${status}`;
    // How an operation goes on is asked by a name of this run's.
    if (/\/operation(Statuses|Results)\//i.test(path) || (method === "GET" && seen.has(kind))) return;
    seen.add(kind);
    appendFileSync(file, `${JSON.stringify(exchange)}\n`);
  };
}

async function tryMessages(rehearsal: Rehearsal, prefix: string): Promise<string> {
  const ways = await rehearsal.postOne(prefix);
  const sentences = ways.map(({ from, in: where }) => `posted in ${from}, processed in ${where}`);
  return `A message to each producer: ${sentences.join("; ")}`;
}

/** @throws Failure with what is left to change */
function refuseChanges(left: ReadonlyMap<string, readonly PlannedChange[]>, what: string): void {
  if (left.size > 0) throw new Failure(`${what}:\n${changeLines(left).join("\n")}`);
}

/** The stacks, their states and the Azure are one rehearsal's: by hand, one goes on where it stopped. */
async function stayUp({ environment, outdir, topologyPath }: Rehearsal): Promise<void> {
  const { NODE_OPTIONS = "", ...others } = environment;
  const variables = { ...others, CDKTF_OUTDIR: outdir, TOPOLOGY: topologyPath };
  const lines = [
    ...Object.entries(variables).map(([name, value]) => `export ${name}='${value}'`),
    // The user's own stay.
    `export NODE_OPTIONS="\${NODE_OPTIONS:-} ${NODE_OPTIONS.replaceAll('"', '\\"')}"`,
  ];
  process.stdout.write(
    [
      "",
      "Up until Ctrl-C. In another terminal:",
      "",
      ...lines,
      "",
      "and then, for example, one of",
      "",
      `  npx cdktf deploy --output ${outdir} --skip-provider-lock <stacks>`,
      "  npm run deploy -- <stacks>",
      `  terraform -chdir=${outdir}/stacks/<stack> plan`,
      "",
      `Leave that terminal afterwards, or: unset ${[...Object.keys(variables), "NODE_OPTIONS"].join(" ")}`,
      "",
      "",
    ].join("\n"),
  );
  await new Promise(() => {
    // Until a signal ends the process; the servers keep it alive.
  });
}
