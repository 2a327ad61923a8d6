import type { DeclaredClaim, Violation } from "../claim";
import { consumerAccount, regionParts } from "../declared/region-parts";

const HOST = "ServiceBus__fullyQualifiedNamespace";

/** A producer sends to the alias, or to the primary where there is no pair. A consumer receives from its own region's namespace: on the alias it does not always notice a failover (azure-webjobs-sdk#2028). */
export const appsConnectAsDeclared: DeclaredClaim = {
  name: "apps-connect-as-declared",
  why: "An app sends to, or receives from, another namespace than the topology means.",
  needs: "topology",
  check: ({ topology, reach }) =>
    topology.stamps.flatMap((stamp) => {
      const { pairing, regions, primary } = stamp;
      const first = regions.find(({ location }) => location === primary);
      const sendsTo = pairing && pairing.state !== "unpaired" ? pairing.alias : first?.serviceBus.namespace;
      return regions.flatMap((region) =>
        regionParts(stamp, region, reach).apps.flatMap(({ app }): Violation[] => {
          if (!app) return [];
          const isProducer = app.name.toLowerCase() === region.functionApps.producer?.toLowerCase();
          const meant = `${(isProducer ? sendsTo : region.serviceBus.namespace) ?? ""}.servicebus.windows.net`;
          const got = app.settings[HOST];
          const further = region.consumers.find((each) => each.functionApp.toLowerCase() === app.name.toLowerCase());
          const account = further?.storageAccount ?? (isProducer ? region.storageAccount : consumerAccount(region));
          const { producer, consumer } = stamp.appSettings;
          const ofStamp = stamp.consumers.find(({ name }) => name === further?.consumer)?.appSettings ?? consumer;
          const users = isProducer ? producer : ofStamp;
          const hosts = Object.entries(app.settings).filter(
            ([key]) => key.endsWith("__fullyQualifiedNamespace") && key !== HOST && !(key in users),
          );
          return [
            ...(got?.toLowerCase() === meant.toLowerCase()
              ? []
              : [
                  {
                    what: `${app.name} connects to ${got ?? "no namespace"}, and should to ${meant}`,
                    origin: app.origin,
                  },
                ]),
            ...(app.settings.ServiceBus__credential === "managedidentity"
              ? []
              : [{ what: `${app.name} does not connect to Service Bus by its identity`, origin: app.origin }]),
            ...(app.storageAccount?.toLowerCase() === account.toLowerCase()
              ? []
              : [
                  {
                    what: `the host of ${app.name} uses the storage ${app.storageAccount ?? "of none"}, and should ${account}`,
                    origin: app.origin,
                  },
                ]),
            ...hosts.map(([key]) => ({ what: `${app.name} has a second connection, ${key}`, origin: app.origin })),
          ];
        }),
      );
    }),
};
