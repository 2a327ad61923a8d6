import type { Stamp } from "../../topology/schema";
import type { DeclaredClaim } from "../claim";
import { type AppPart, appParts } from "../declared/app-part";
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
    appParts(topology.stamps, reach).flatMap((part) => {
      const { app, stamp, isProducer } = part;
      const what = isProducer
        ? differences(TARGETS, targetsOf(stamp), app)
        : differences(SOURCES, sourcesOf(part), app);
      return what.map((each) => ({ what: each, origin: app.origin }));
    }),
};

function targetsOf({ queues, topics, refusedMessages }: Stamp): string[] {
  return [...queues, ...topics].map(({ name }) => name).filter((name) => name !== refusedMessages);
}

function sourcesOf({ stamp, consumer }: AppPart): string[] {
  return takenBy(stamp, consumer)
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
