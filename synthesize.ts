import { buildApp } from "./app";
import { packageFunctions } from "./packaging/package-functions";
import { removeStaleStacks } from "./synthesized/cdktf-out";
import { ZERO_SUBSCRIPTION } from "./topology/arm-ids";
import { guid } from "./topology/fields";
import { loadTopology } from "./topology/load";
import { UsageError } from "./topology/mistake";
import { withoutStackTraces } from "./without-stack-traces";

export interface Synthesis {
  readonly outdir: string;
  /** The zero GUID where ARM_SUBSCRIPTION_ID is not set. */
  readonly subscription: string;
}

/**
 * Topology in, cdktf.out out. The topology is checked before anything is written.
 *
 * @throws UsageError for what the user can mend
 */
export function synthesize(): Synthesis {
  const topology = loadTopology();
  const subscription = subscriptionFrom(process.env.ARM_SUBSCRIPTION_ID);
  const artifacts = packageFunctions();
  const app = withoutStackTraces(() => {
    const built = buildApp(topology, { artifacts, subscription });
    built.synth();
    return built;
  });
  removeStaleStacks(app.outdir);
  return { outdir: app.outdir, subscription };
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
