import type { Region, Stamp } from "../../topology/schema";
import type { App } from "../network/model";
import type { Reach } from "../reach/reach";
import { consumerAccount, regionParts } from "./region-parts";

/** What an app of a region is in its topology. */
export interface AppPart {
  readonly app: App;
  readonly stamp: Stamp;
  readonly region: Region;
  readonly isProducer: boolean;
  /** A further consumer's name. @default it is the producer or the first consumer */
  readonly consumer?: string;
  /** The storage account of its host, by name. */
  readonly storageAccount: string;
  /** The settings that the topology adds for the user's code. */
  readonly ownSettings: Readonly<Record<string, string>>;
}

export function appPart(app: App, stamp: Stamp, region: Region): AppPart {
  const isNamed = (name: string | undefined) => name?.toLowerCase() === app.name.toLowerCase();
  const isProducer = isNamed(region.functionApps.producer);
  const further = region.consumers.find(({ functionApp }) => isNamed(functionApp));
  const { producer, consumer } = stamp.appSettings;
  return {
    app,
    stamp,
    region,
    isProducer,
    ...(further ? { consumer: further.consumer } : {}),
    storageAccount: further?.storageAccount ?? (isProducer ? region.storageAccount : consumerAccount(region)),
    ownSettings: isProducer
      ? producer
      : (stamp.consumers.find(({ name }) => name === further?.consumer)?.appSettings ?? consumer),
  };
}

/** Every app that a topology has, with what it is there. */
export function appParts(stamps: readonly Stamp[], reach: Reach): AppPart[] {
  return stamps.flatMap((stamp) =>
    stamp.regions.flatMap((region) =>
      regionParts(stamp, region, reach).apps.flatMap(({ app }) => (app ? [appPart(app, stamp, region)] : [])),
    ),
  );
}
