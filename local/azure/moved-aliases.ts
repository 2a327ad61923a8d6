import { SERVICE_BUS_SUFFIX } from "../../azure-facts/private-link";
import { CONNECTION } from "../../functions/shared/settings";
import type { SynthesizedStack } from "../../synthesized/cdktf-out";
import { newNamespacesIn, recoveredPrimariesIn } from "../../synthesized/views/recovery";
import { kindOf } from "./app-kind";
import type { Azure } from "./azure";
import { isInStamp, stampsIn } from "./deployed-stamp";

const HOST = `${CONNECTION}__fullyQualifiedNamespace`;

/**
 * Puts the aliases that a failover moved. After one no stack declares the pairing (`pairing.state: "failed-over"`), and producers still send to the alias. It names the
 * namespace of the stamp on which no stack declares entities; that one got them from the pairing. In the recovery from it the entities are declared where the alias leads, and the former
 * primary has its own still.
 */
export function putMovedAliases(azure: Azure, stacks: readonly SynthesizedStack[]): void {
  const [recovered, made] = [recoveredPrimariesIn(stacks), newNamespacesIn(stacks)];
  for (const stamp of stampsIn(azure)) {
    if (stamp.alias !== undefined) continue;
    const names = stamp.namespaces.map(({ name }) => name.toLowerCase());
    const [alias] = azure.apps
      .all()
      .filter((app) => isInStamp(stamp, app) && kindOf(app) === "producer")
      .flatMap(({ settings }) => settings[HOST] ?? [])
      .filter((host) => host.toLowerCase().endsWith(`.${SERVICE_BUS_SUFFIX}`))
      .map((host) => host.slice(0, -SERVICE_BUS_SUFFIX.length - 1))
      .filter((name) => !names.includes(name.toLowerCase()));
    const other = stamp.namespaces.find(({ id }) => id !== stamp.primary.id);
    if (alias === undefined || !other) continue;
    azure.pair({ alias, primaryId: recovered.has(stamp.primary.id.toLowerCase()) ? stamp.primary.id : other.id });
    if (!made.has(other.name.toLowerCase())) azure.declareEntities(other.id, azure.entitiesOf(stamp.primary.id));
  }
}
