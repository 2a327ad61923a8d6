import { UsageError } from "../../failure";
import { stampsIn } from "../../local/azure/deployed-stamp";
import { azureFrom } from "../../local/azure/from-stacks";
import { type SendableEntity, sendableEntities } from "../../local/flow/destinations";
import type { MessageFlow } from "../../local/flow/message-flow";
import { DEFAULT_OUTDIR } from "../../synthesize";
import { readCdktfOut, type SynthesizedStack } from "../../synthesized/cdktf-out";
import { loadTopology } from "../../topology/load";
import type { Stamp } from "../../topology/schema";
import { stacksOfStamp, stampNamed } from "../selection";
import { synthesizeAside } from "../synthesize-aside";

export interface StampToRun {
  readonly stamp: Stamp;
  /** The stamp's own. */
  readonly stacks: readonly SynthesizedStack[];
}

/**
 * The stamp that is run.
 *
 * @param synth whether the stacks are synthesized anew, aside from those for a deployment
 * @param name none: the first
 * @throws UsageError where there is no such stamp
 */
export function stampToRun(synth: boolean, name: string | undefined): StampToRun {
  const { topology, stacks } = synth
    ? synthesizeAside()
    : { topology: loadTopology(), stacks: readCdktfOut(process.env.CDKTF_OUTDIR || DEFAULT_OUTDIR) };
  const stamp = stampNamed(topology, name);
  return { stamp, stacks: stacksOfStamp(stacks, stamp) };
}

/** @throws UsageError where a name is none of a queue or topic that can be posted to */
export function refuseUnknown(stacks: readonly SynthesizedStack[], names: readonly string[]): void {
  const azure = azureFrom(stacks);
  for (const stamp of stampsIn(azure)) entitiesNamed(sendableEntities(azure, stamp), names);
}

/** @param names none: all @throws UsageError where a name is none of a queue or topic that can be posted to */
export function entitiesOf({ posting }: MessageFlow, names: readonly string[] | undefined): readonly SendableEntity[] {
  return names === undefined ? posting.entities() : entitiesNamed(posting.entities(), names);
}

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
