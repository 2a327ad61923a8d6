import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { buildApp } from "./app";
import { hostSettings } from "./packaging/host-json";
import { type Artifacts, packageFunctions } from "./packaging/package-functions";
import { withLock } from "./synthesized/lock";
import { DECLARED, prepareOutdir, unwritable } from "./synthesized/outdir";
import { readCdktfOut, removeStaleStacks, type SynthesizedStack } from "./synthesized/cdktf-out";
import { ZERO_SUBSCRIPTION } from "./topology/arm-ids";
import { bundleMistakes } from "./topology/extension-bundles";
import { guid } from "./topology/fields";
import { loadTopology, sourceOf } from "./topology/load";
import type { Topology } from "./topology/schema";
import { TopologyError } from "./topology/mistake";
import { UsageError } from "./failure";
import { prefetchMistakes } from "./topology/prefetch";
import { warningsOf } from "./topology/warnings";
import { warningText } from "./topology/warnings/warning";
import { withoutStackTraces } from "./without-stack-traces";

/** cdktf's own default. */
export const DEFAULT_OUTDIR = "cdktf.out";

export interface SynthesizeOptions {
  /** @default what `TOPOLOGY` names, else topology.ts */
  readonly topology?: Topology;
  /** @default `ARM_SUBSCRIPTION_ID` */
  readonly subscription?: string;
  /** @default `CDKTF_OUTDIR`, else cdktf.out */
  readonly outdir?: string;
  /** @default the functions as they are now, packaged */
  readonly artifacts?: Artifacts;
  /** Gets each warning. @default the process' standard error */
  readonly warn?: (line: string) => void;
}

export interface Synthesis {
  readonly topology: Topology;
  /** In deployment order. */
  readonly stacks: readonly SynthesizedStack[];
  /** As it was asked for, else cdktf.out. */
  readonly outdir: string;
  /** The zero GUID where ARM_SUBSCRIPTION_ID is not set. */
  readonly subscription: string;
}

/**
 * Topology in, cdktf.out out. The topology is checked before anything is written.
 *
 * @throws Failure for what the user can correct
 */
export function synthesize({
  topology = loadTopology(),
  subscription = subscriptionFrom(process.env.ARM_SUBSCRIPTION_ID),
  outdir = process.env.CDKTF_OUTDIR || DEFAULT_OUTDIR,
  artifacts = packageFunctions(),
  warn = (line) => process.stderr.write(`${line}\n`),
}: SynthesizeOptions = {}): Synthesis {
  const host = hostSettings();
  const mistakes = [...prefetchMistakes(topology, host), ...bundleMistakes(topology, host)];
  if (mistakes.length > 0) {
    const { name, lineOf } = sourceOf(topology);
    throw new TopologyError(mistakes, `${name} and functions/host.json`, lineOf);
  }
  for (const warning of warningsOf(topology)) warn(warningText(warning));
  for (const { warnings = [] } of [artifacts.producer, artifacts.consumer])
    for (const warning of warnings) warn(`warning: ${warning}`);
  prepareOutdir(outdir);
  try {
    return withLock(outdir, () => {
      const app = withoutStackTraces(() => {
        const built = buildApp(topology, { artifacts, subscription, outdir });
        built.synth();
        return built;
      });
      removeStaleStacks(app.outdir);
      writeFileSync(join(app.outdir, DECLARED), `${JSON.stringify(topology, undefined, 2)}\n`);
      return { topology, stacks: readCdktfOut(app.outdir), outdir: app.outdir, subscription };
    });
  } catch (error) {
    throw unwritable(outdir, error);
  }
}

function subscriptionFrom(value: string | undefined): string {
  if (value === undefined || value === "") return ZERO_SUBSCRIPTION;
  if (!guid.safeParse(value).success) {
    throw new UsageError(
      `ARM_SUBSCRIPTION_ID is "${value}", and a subscription's id is a GUID: az account show --query id`,
    );
  }
  return value;
}
