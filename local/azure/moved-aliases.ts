import { SERVICE_BUS_SUFFIX } from "../../azure-facts/private-link";
import { CONNECTION } from "../../functions/shared/settings";
import { kindOf } from "./app-kind";
import type { Azure } from "./azure";
import { isInStamp, stampsIn } from "./deployed-stamp";

const HOST = `${CONNECTION}__fullyQualifiedNamespace`;

/**
 * Puts the aliases that a failover moved. After one no stack declares the pairing (`pairing.state: "failed-over"`), and producers still send to the alias. It names the
 * namespace of the stamp on which no stack declares entities; that one got them from the pairing.
 */
export function putMovedAliases(azure: Azure): void {
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
    const moved = stamp.namespaces.find(({ id }) => id !== stamp.primary.id);
    if (alias === undefined || !moved) continue;
    azure.pair({ alias, primaryId: moved.id });
    azure.declareEntities(moved.id, azure.entitiesOf(stamp.primary.id));
  }
}
