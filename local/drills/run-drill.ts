import type { SynthesizedStack } from "../../synthesized/cdktf-out";
import type { Ledger } from "../flow/ledger";
import { MessageFlow } from "../flow/message-flow";
import { kindOf } from "../azure/app-kind";
import type { FunctionApp } from "../azure/azure";
import { stampsIn } from "../azure/deployed-stamp";
import { LocalAzure, type LocalAzureProps } from "../local-azure";
import { useEmptyProcess } from "../empty-process/empty-process";
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
  /** Where packages and logs go, and the work of a drill. */
  readonly folder: string;
  /** @default LocalAzure.start */
  readonly start?: (props: LocalAzureProps) => Promise<LocalAzure>;
}

/**
 * Runs a drill on a small Azure of its own, with a process() that does nothing: what a drill shows does not depend on the user's business logic. There is no telemetry: it
 * would only take time.
 */
export async function runDrill(
  drill: Drill,
  { stacks, seed, messages, outageMs = 60_000, folder, start = (props) => LocalAzure.start(props) }: RunDrillProps,
): Promise<DrillOutcome> {
  const began = Date.now();
  const seconds = () => (Date.now() - began) / 1000;
  let local: LocalAzure | undefined;
  try {
    local = await start({
      stacks,
      folder,
      telemetry: false,
      prepare: (azure) => {
        for (const { id } of azure.namespaces.all()) {
          if (!azure.isPassive(id)) azure.declareEntities(id, withLocksOf(drill.lockMs, azure.entitiesOf(id)));
        }
        useEmptyProcess(azure);
        if (drill.waiting) arrange(azure, drill.waiting, folder);
        if (needsAPair(drill)) return;
        const [stamp] = stampsIn(azure);
        const isNear = ({ location }: FunctionApp) => location === stamp?.primary.location;
        const hasProducer = azure.apps.all().some((app) => isNear(app) && kindOf(app) === "producer");
        for (const app of azure.apps.all()) {
          // Where the primary's region has consumers alone, the other region's producer sends.
          if (!isNear(app) && (hasProducer || kindOf(app) !== "producer")) azure.apps.remove(app.id);
        }
      },
    });
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
  }
}
