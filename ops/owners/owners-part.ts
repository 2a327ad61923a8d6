import { nameIn } from "../../azure-facts/arm-ids";
import type { SynthesizedStack } from "../../synthesized/cdktf-out";
import { type Approval, approvalsIn } from "../../synthesized/views/approval";
import { existingHubsIn } from "../../synthesized/views/existing-hub";
import { existingZonesIn, type ExistingZones } from "../../synthesized/views/existing-zones";
import { linkOf, type LinkTask, type OwnerTasks, tasksOf } from "./tasks";

/** A record that the owner of existing zones has to have. */
export interface RecordTask {
  readonly zoneId: string;
  readonly label: string;
  readonly addresses: readonly string[];
}

/** What the owner of existing zones has to do for one stack. */
export interface ZoneTasks {
  readonly zones: ExistingZones;
  /** To a hub that is built; the links to another owner's hub are among that hub's tasks. */
  readonly links: readonly LinkTask[];
  readonly records: readonly RecordTask[];
}

/** What others have to do for a topology. */
export interface OwnersPart {
  readonly hubs: readonly OwnerTasks[];
  readonly zones: readonly ZoneTasks[];
  readonly approvals: readonly Approval[];
}

export function ownersPartIn(stacks: readonly SynthesizedStack[]): OwnersPart {
  const hubs = existingHubsIn(stacks);
  const isOthers = (stack: string) => hubs.some((hub) => hub.stack === stack);
  return {
    hubs: hubs.map(tasksOf),
    zones: existingZonesIn(stacks).map((zones) => ({
      zones,
      links: isOthers(zones.stack) ? [] : zones.zoneIds.map((zoneId) => linkOf(zoneId, zones.networkId)),
      records: zones.records.map(({ zone, label, addresses }) => ({
        zoneId: zones.zoneIds.find((id) => nameIn(id) === zone) ?? zone,
        ...{ label, addresses },
      })),
    })),
    approvals: approvalsIn(stacks),
  };
}

export function isNothing({ hubs, zones, approvals }: OwnersPart): boolean {
  return hubs.length + zones.length + approvals.length === 0;
}
