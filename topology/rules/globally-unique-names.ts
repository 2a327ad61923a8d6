import { type Placed, placed, regionsOf, repeated, stampsOf } from "../draft";
import { hostStorageOf } from "../names";
import type { Region, Stamp } from "../schema";
import type { TopologyRule } from "./topology-rule";

/**
 * Namespaces and aliases share one DNS zone, storage accounts another, function apps a third: within each, a name is used once
 * in the world. An alias equal to a namespace is the commonest of these mistakes.
 */
export const globallyUniqueNames: TopologyRule = (topology) => {
  const stamps = stampsOf(topology);
  const perRegion = (
    pick: (region: ReturnType<typeof regionsOf>[number]) => { key: string; value: string | undefined }[],
  ) =>
    stamps
      .flatMap(regionsOf)
      .flatMap((region) => pick(region).map(({ key, value }) => ({ at: `${region.at}.${key}`, value })));
  const further = (key: "functionApp" | "storageAccount") =>
    stamps
      .flatMap(regionsOf)
      .flatMap(({ at, it }) => placed<Region["consumers"][number]>(it.consumers, `${at}.consumers`))
      .map(({ at, it }) => ({ at: `${at}.${key}`, value: it[key] }));
  return [
    ...clashes("servicebus.windows.net", [
      ...perRegion(({ it }) => [{ key: "serviceBus.namespace", value: it.serviceBus?.namespace }]),
      ...stamps.map(({ at, it }: Placed<Stamp>) => ({ at: `${at}.pairing.alias`, value: it.pairing?.alias })),
    ]),
    ...clashes("core.windows.net", [
      ...perRegion(({ it: { storageAccount, consumerStorageAccount } }) => [
        { key: "storageAccount", value: storageAccount },
        {
          key: "consumerStorageAccount",
          value:
            consumerStorageAccount ??
            (storageAccount === undefined ? undefined : hostStorageOf({ storageAccount }).consumer),
        },
      ]),
      ...further("storageAccount"),
      { at: "backend.storageAccount", value: topology.backend?.storageAccount },
    ]),
    ...clashes("azurewebsites.net", [
      ...perRegion(({ it }) => [
        { key: "functionApps.producer", value: it.functionApps?.producer },
        { key: "functionApps.consumer", value: it.functionApps?.consumer },
      ]),
      ...further("functionApp"),
    ]),
  ];
};

function clashes(zone: string, names: { at: string; value: string | undefined }[]) {
  return repeated(names).map(({ at, value, first }) => ({
    path: at,
    got: `"${value}"`,
    expected: `a name no other resource has: ${first} is ${value}.${zone} already`,
    fix: "rename one of the two",
  }));
}
