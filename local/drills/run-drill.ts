import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { SynthesizedStack } from "../../synthesized/cdktf-out";
import type { Ledger } from "../flow/ledger";
import { MessageFlow } from "../flow/message-flow";
import { stampsIn } from "../azure/deployed-stamp";
import { LocalAzure } from "../local-azure";
import { arrange } from "./dependency/arrange";
import { type Drill, needsAPair, withLocksOf } from "./drill";
import { Random } from "./random";

export interface DrillOutcome {
  /** None: the drill was left out, or could not be run to its end. */
  readonly ledger?: Ledger;
  /** Why the drill was left out: it would show nothing on this stamp. */
  readonly leftOut?: string;
  /** What is not as expected. */
  readonly findings: readonly string[];
  readonly seconds: number;
}

export interface RunDrillProps {
  /** Of one stamp. */
  readonly stacks: readonly SynthesizedStack[];
  readonly seed: number;
  /** @default the drill's own number */
  readonly messages?: number;
  /** How long a dependency is down. @default a minute */
  readonly outageMs?: number;
  /** Filled in with what runs and where, so that an interruption can end it. @default not filled in */
  readonly running?: { local?: LocalAzure; folder?: string };
}

/** Runs a drill on a small Azure of its own, without telemetry: it would only take time. */
export async function runDrill(
  drill: Drill,
  { stacks, seed, messages, outageMs = 60_000, running = {} }: RunDrillProps,
): Promise<DrillOutcome> {
  const folder = mkdtempSync(join(tmpdir(), "locked-down-drill-"));
  running.folder = folder;
  const began = Date.now();
  const seconds = () => (Date.now() - began) / 1000;
  let local: LocalAzure | undefined;
  try {
    local = await LocalAzure.start({
      stacks,
      folder,
      telemetry: false,
      prepare: (azure) => {
        for (const { id } of azure.namespaces.all()) {
          if (!azure.isPassive(id)) azure.declareEntities(id, withLocksOf(drill.lockMs, azure.entitiesOf(id)));
        }
        if (drill.waiting) arrange(azure, drill.waiting, folder);
        if (needsAPair(drill)) return;
        const [stamp] = stampsIn(azure);
        for (const app of azure.apps.all()) if (app.location !== stamp?.primary.location) azure.apps.remove(app.id);
      },
    });
    running.local = local;
    const flow = MessageFlow.ofOnlyStamp(local, drill.name);
    for (const { app } of flow.apps.consumers()) {
      const namespace = flow.stamp.namespaces.find(({ location }) => location === app.location);
      if (namespace && !local.azure.isPassive(namespace.id)) await flow.draining.consumersListen(app.location);
    }
    const leftOut = drill.unfit?.(flow);
    if (leftOut !== undefined) return { leftOut, findings: [], seconds: seconds() };
    try {
      await drill.run(flow, { messages: messages ?? drill.messages, random: new Random(seed), outageMs, folder });
    } catch (error) {
      return { findings: [error instanceof Error ? error.message : String(error)], seconds: seconds() };
    }
    const ledger = flow.observing.ledger();
    const failures = local.failures().map(({ message }) => `the local Azure failed: ${message}`);
    return { ledger, findings: [...failures, ...drill.check(ledger, flow)], seconds: seconds() };
  } finally {
    await local?.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}
