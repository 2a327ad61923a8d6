import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { SynthesizedStack } from "../../synthesized/cdktf-out";
import type { Ledger } from "../flow/ledger";
import { Stage } from "../flow/stage";
import { LocalAzure } from "../local-azure";
import { type Drill, withShortLocks } from "./drill";
import { Random } from "./random";

export interface DrillOutcome {
  readonly ledger: Ledger;
  /** What is not as expected. */
  readonly findings: readonly string[];
  readonly seconds: number;
}

export interface RunDrillProps {
  readonly stacks: readonly SynthesizedStack[];
  readonly seed: number;
  /** @default the drill's own number */
  readonly messages?: number;
  /** Told what runs, so that whoever interrupts can end it. */
  readonly started?: (local: LocalAzure) => void;
}

/** Runs a drill on a small Azure of its own, without telemetry: it would only take time. */
export async function runDrill(
  drill: Drill,
  { stacks, seed, messages, started }: RunDrillProps,
): Promise<DrillOutcome> {
  const folder = mkdtempSync(join(tmpdir(), "locked-down-drill-"));
  const began = Date.now();
  let local: LocalAzure | undefined;
  try {
    local = await LocalAzure.start({
      stacks,
      folder,
      telemetry: false,
      prepare: (azure) => {
        for (const { id } of azure.namespaces.all()) {
          if (!azure.isPassive(id)) azure.declareEntities(id, withShortLocks(azure.entitiesOf(id)));
        }
        if (drill.regions === "both") return;
        const primary = azure.namespaces.get(azure.aliases()[0]?.primaryId ?? azure.namespaces.all()[0]?.id ?? "");
        for (const app of azure.apps.all()) if (app.location !== primary?.location) azure.apps.remove(app.id);
      },
    });
    started?.(local);
    const stage = new Stage(local, drill.name);
    await drill.run(stage, { messages: messages ?? drill.messages, random: new Random(seed) });
    const ledger = stage.ledger();
    const failures = local.broker.failures.map(({ message }) => `the broker failed: ${message}`);
    return { ledger, findings: [...failures, ...drill.check(ledger, stage)], seconds: (Date.now() - began) / 1000 };
  } finally {
    await local?.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}
