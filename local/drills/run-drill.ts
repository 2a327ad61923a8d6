import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { SynthesizedStack } from "../../synthesized/cdktf-out";
import type { Ledger } from "../flow/ledger";
import { Stage } from "../flow/stage";
import { LocalAzure } from "../local-azure";
import { arrange } from "./dependency/arrange";
import { type Drill, withLocksOf } from "./drill";
import { Random } from "./random";

export interface DrillOutcome {
  /** None: the drill could not be run to its end. */
  readonly ledger?: Ledger;
  /** What is not as expected. */
  readonly findings: readonly string[];
  readonly seconds: number;
}

export interface RunDrillProps {
  readonly stacks: readonly SynthesizedStack[];
  readonly seed: number;
  /** @default the drill's own number */
  readonly messages?: number;
  /** How long a dependency is down. @default a minute */
  readonly outageMs?: number;
  /** What runs and where, so that whoever interrupts can end it. @default nobody is told */
  readonly running?: { local?: LocalAzure; folder?: string };
}

/** Regions whose namespace serves somebody now. */
function servingRegions({ azure }: LocalAzure): string[] {
  return azure.namespaces
    .all()
    .filter(({ id }) => !azure.isPassive(id))
    .map(({ location }) => location);
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
        if (drill.regions === "both") return;
        const primary = azure.namespaces.get(azure.aliases()[0]?.primaryId ?? azure.namespaces.all()[0]?.id ?? "");
        for (const app of azure.apps.all()) if (app.location !== primary?.location) azure.apps.remove(app.id);
      },
    });
    running.local = local;
    const stage = new Stage(local, drill.name);
    for (const region of new Set(servingRegions(local))) await stage.consumersListen(region);
    try {
      await drill.run(stage, { messages: messages ?? drill.messages, random: new Random(seed), outageMs, folder });
    } catch (error) {
      return { findings: [error instanceof Error ? error.message : String(error)], seconds: seconds() };
    }
    const ledger = stage.ledger();
    const failures = local.failures().map(({ message }) => `the local Azure failed: ${message}`);
    return { ledger, findings: [...failures, ...drill.check(ledger, stage)], seconds: seconds() };
  } finally {
    await local?.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}
