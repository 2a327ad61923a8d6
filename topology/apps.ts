import { type AppPart, type Endpoint, endpointAddress, STORAGE_PARTS } from "./addresses";
import { hostStorageOf, siteHostsOf, storageHosts } from "./names";
import type { Region, Stamp } from "./schema";

/** A function app of a region, as the topology plans it. */
export interface PlannedApp {
  /** In construct ids: `producer`, `consumer`, `app-billing`. */
  readonly key: string;
  readonly kind: "producer" | "consumer";
  /** The further consumer's name. @default it is the producer or the first consumer */
  readonly consumer?: string;
  /** The name of the function app. */
  readonly name: string;
  /** The name of its host's storage account. */
  readonly storageAccount: string;
  /** Its endpoints in the address plan. */
  readonly endpoint: (part: AppPart) => Endpoint;
}

/** A region's apps: the producer, where there is one, the first consumer, then the further ones in the order of the stamp. */
export function appsOf(stamp: Stamp, region: Region): PlannedApp[] {
  const { functionApps, consumers } = region;
  const storage = hostStorageOf(region);
  const first = (kind: "producer" | "consumer", name: string): PlannedApp => ({
    ...{ key: kind, kind, name },
    storageAccount: storage[kind],
    endpoint: (part) => `${kind}:${part}`,
  });
  return [
    ...(functionApps.producer === undefined ? [] : [first("producer", functionApps.producer)]),
    first("consumer", functionApps.consumer),
    ...stamp.consumers.flatMap(({ name: consumer }, index): PlannedApp[] => {
      const app = consumers.find((each) => each.consumer === consumer);
      if (!app) return [];
      return [
        {
          ...{ key: `app-${consumer}`, kind: "consumer", consumer },
          name: app.functionApp,
          storageAccount: app.storageAccount,
          endpoint: (part) => `further:${index}:${part}`,
        },
      ];
    }),
  ];
}

/** The addresses of the endpoints of an app's storage. */
export function storageAddresses(region: Region, { endpoint }: PlannedApp): string[] {
  return STORAGE_PARTS.map((part) => endpointAddress(region, endpoint(part)));
}

/** The public names of an app, and of its storage: they resolve to its endpoints where the region's zones are asked. */
export function hostsOf({ name, storageAccount }: PlannedApp): {
  readonly site: string;
  readonly scm: string;
  readonly storage: readonly string[];
} {
  return { ...siteHostsOf(name), storage: storageHosts(storageAccount) };
}

/** The name of a producer of the stamp: the primary's, else the other region's. @throws Error where the topology was not validated */
export function aProducerOf({ primary, regions }: Pick<Stamp, "primary" | "regions">): string {
  const [first] = [...regions]
    .sort((one, other) => Number(other.location === primary) - Number(one.location === primary))
    .flatMap(({ functionApps }) => functionApps.producer ?? []);
  if (first === undefined) throw new Error("The stamp has no producer: validate the topology first.");
  return first;
}
