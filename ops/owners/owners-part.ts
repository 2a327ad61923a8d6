import { groupIn, nameIn, subscriptionIn } from "../../azure-facts/arm-ids";
import type { SynthesizedStack } from "../../synthesized/cdktf-out";
import { type Approval, approvalsIn } from "../../synthesized/views/approval";
import { existingHubsIn } from "../../synthesized/views/existing-hub";
import { type ExistingWorkspace, existingWorkspacesIn } from "../../synthesized/views/existing-workspace";
import { existingZonesIn, type ExistingZones } from "../../synthesized/views/existing-zones";
import { linkOf, type LinkTask, type OwnerTasks, tasksOf } from "./tasks";

/** A record that the owner of existing zones has to have. */
export interface RecordTask {
  readonly zoneId: string;
  readonly label: string;
  readonly addresses: readonly string[];
}

/** What the owner of a set of existing zones has to do. */
export interface ZoneTasks {
  /** The ARM ids of the zones. */
  readonly zoneIds: readonly string[];
  /** The stacks whose names they keep. */
  readonly stacks: readonly string[];
  /** To a hub that is built; the links to another owner's hub are among that hub's tasks. */
  readonly links: readonly LinkTask[];
  readonly records: readonly RecordTask[];
}

/** What others have to do for a topology. */
export interface OwnersPart {
  readonly hubs: readonly OwnerTasks[];
  readonly zones: readonly ZoneTasks[];
  readonly approvals: readonly Approval[];
  readonly workspaces: readonly ExistingWorkspace[];
}

export function ownersPartIn(stacks: readonly SynthesizedStack[]): OwnersPart {
  const hubs = existingHubsIn(stacks);
  const isOthers = (stack: string) => hubs.some((hub) => hub.stack === stack);
  return {
    hubs: hubs.map(tasksOf),
    zones: bySet(existingZonesIn(stacks)).map((all) => ({
      zoneIds: [...new Set(all.flatMap(({ zoneIds }) => zoneIds))],
      stacks: all.map(({ stack }) => stack),
      links: all
        .filter(({ stack }) => !isOthers(stack))
        .flatMap(({ zoneIds, networkId }) => zoneIds.map((zoneId) => linkOf(zoneId, networkId))),
      records: distinct(all.flatMap(recordsIn), ({ zoneId, label }) => `${zoneId} ${label}`),
    })),
    workspaces: distinct(existingWorkspacesIn(stacks), ({ workspaceId, scopeId }) => `${workspaceId} ${scopeId}`),
    approvals: approvalsIn(stacks),
  };
}

export function isNothing({ hubs, zones, approvals, workspaces }: OwnersPart): boolean {
  return hubs.length + zones.length + approvals.length + workspaces.length === 0;
}

/** Two regions may keep their names in one set. */
function bySet(all: readonly ExistingZones[]): ExistingZones[][] {
  const sets = new Map<string, ExistingZones[]>();
  for (const zones of all) {
    const [first = ""] = zones.zoneIds;
    const key = `${subscriptionIn(first)} ${groupIn(first)}`.toLowerCase();
    sets.set(key, [...(sets.get(key) ?? []), zones]);
  }
  return [...sets.values()];
}

function recordsIn({ zoneIds, records }: ExistingZones): RecordTask[] {
  return records.map(({ zone, label, addresses }) => ({
    zoneId: zoneIds.find((id) => nameIn(id) === zone) ?? zone,
    ...{ label, addresses },
  }));
}

/** The last of those that have one key. */
export function distinct<Item>(items: readonly Item[], keyOf: (item: Item) => string): Item[] {
  return [...new Map(items.map((item) => [keyOf(item).toLowerCase(), item])).values()];
}
