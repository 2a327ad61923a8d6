import type { Stamp } from "../../topology/schema";
import type { DeclaredClaim } from "../claim";
import { appParts } from "../declared/app-part";

const HOST = "ServiceBus__fullyQualifiedNamespace";

/** A producer sends to the alias, or to the primary where there is no pair. A consumer receives from its own region's namespace: on the alias it does not always notice a failover (azure-webjobs-sdk#2028). */
export const appsConnectAsDeclared: DeclaredClaim = {
  name: "apps-connect-as-declared",
  why: "An app sends to, or receives from, another namespace than the topology means.",
  needs: "topology",
  check: ({ topology, reach }) =>
    appParts(topology.stamps, reach).flatMap(({ app, stamp, region, isProducer, storageAccount, ownSettings }) => {
      const meant = `${(isProducer ? sendsTo(stamp) : region.serviceBus.namespace) ?? ""}.servicebus.windows.net`;
      const { settings, storageAccount: used } = app;
      const got = settings[HOST];
      const second = Object.keys(settings).filter(
        (key) => key.endsWith("__fullyQualifiedNamespace") && key !== HOST && !(key in ownSettings),
      );
      return [
        ...(got?.toLowerCase() === meant.toLowerCase()
          ? []
          : [`${app.name} connects to ${got ?? "no namespace"}, and should to ${meant}`]),
        ...(settings.ServiceBus__credential === "managedidentity"
          ? []
          : [`${app.name} does not connect to Service Bus by its identity`]),
        ...(used?.toLowerCase() === storageAccount.toLowerCase()
          ? []
          : [`the host of ${app.name} uses the storage ${used ?? "of none"}, and should ${storageAccount}`]),
        ...second.map((key) => `${app.name} has a second connection, ${key}`),
      ].map((what) => ({ what, origin: app.origin }));
    }),
};

/** The alias, or the primary where there is no pair. */
function sendsTo({ pairing, regions, primary }: Stamp): string | undefined {
  if (pairing && (pairing.state !== "unpaired" || pairing.recovery)) return pairing.alias;
  return regions.find(({ location }) => location === primary)?.serviceBus.namespace;
}
