import type { Region, Stamp } from "../../topology/schema";
import type { DeclaredClaim, Violation } from "../claim";
import { regionParts } from "../declared/region-parts";
import { takenBy } from "../declared/taken";
import type { App } from "../network/model";

/** The setting that lists what a consumer's triggers are made for: `["queue1;30","topic1/subscription1;30;sessions"]`. */
const SOURCES = "CONSUMER_SOURCES";

/** The setting that lists what a producer takes posts for: names, or objects with a name. */
const TARGETS = "PRODUCER_ENTITIES";

/** Each app lists the queues, topics and subscriptions that it is declared to use, and no other. */
export const appsKnowTheEntities: DeclaredClaim = {
  name: "apps-know-the-entities",
  why: "A producer refuses posts, or messages of a source that no trigger takes from stay until they expire.",
  needs: "topology",
  check: ({ topology, reach }) =>
    topology.stamps.flatMap((stamp) =>
      stamp.regions.flatMap((region) =>
        regionParts(stamp, region, reach).apps.flatMap(({ app }): Violation[] => {
          if (!app) return [];
          const isProducer = app.name.toLowerCase() === region.functionApps.producer?.toLowerCase();
          const what = isProducer
            ? differences(TARGETS, targetsOf(stamp), app)
            : differences(SOURCES, sourcesOf(stamp, region, app), app);
          return what.map((each) => ({ what: each, origin: app.origin }));
        }),
      ),
    ),
};

function targetsOf({ queues, topics, refusedMessages }: Stamp): string[] {
  return [...queues, ...topics].map(({ name }) => name).filter((name) => name !== refusedMessages);
}

function sourcesOf(stamp: Stamp, region: Region, app: App): string[] {
  const further = region.consumers.find((each) => each.functionApp.toLowerCase() === app.name.toLowerCase());
  return takenBy(stamp, further?.consumer)
    .filter(({ isActive }) => isActive)
    .map(({ name, lockSeconds, requiresSession }) =>
      [name, lockSeconds, ...(requiresSession ? ["sessions"] : [])].join(";"),
    );
}

function differences(setting: string, meant: readonly string[], { name, settings }: App): string[] {
  const got = listed(settings[setting]);
  if (!got) return [`${name} has no list in ${setting}`];
  return [
    ...meant.filter((each) => !got.includes(each)).map((each) => `${setting} of ${name} lacks ${each}`),
    ...got
      .filter((each) => !meant.includes(each))
      .map((each) => `${setting} of ${name} has ${each}, which the topology does not declare`),
  ];
}

function listed(setting: string | undefined): readonly string[] | undefined {
  try {
    const list: unknown = JSON.parse(setting ?? "");
    return Array.isArray(list) ? (list as readonly (string | { name?: unknown })[]).map(entryName) : undefined;
  } catch {
    return undefined;
  }
}

function entryName(entry: string | { readonly name?: unknown }): string {
  return typeof entry === "string" ? entry : String(entry.name);
}
