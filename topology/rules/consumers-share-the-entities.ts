import { type Draft, type Placed, placed, regionsOf, repeated, stampsOf } from "../draft";
import type { Mistake } from "../mistake";
import type { Region, Stamp } from "../schema";
import type { TopologyRule } from "./topology-rule";

type Consumer = Stamp["consumers"][number];
type RegionalApp = Region["consumers"][number];

/** Each further consumer has an app in each region, and each queue and subscription one consumer. */
export const consumersShareTheEntities: TopologyRule = (topology) =>
  stampsOf(topology).flatMap((stamp) => {
    const consumers = placed<Consumer>(stamp.it.consumers, `${stamp.at}.consumers`);
    return [
      ...repeated(consumers.map(({ at, it }) => ({ at: `${at}.name`, value: it.name }))).map(
        ({ at: path, value, first }) => ({
          path,
          got: `"${value}"`,
          expected: `a name that ${first} has not`,
          fix: "rename one of the two",
        }),
      ),
      ...takingOf(stamp, consumers),
      // A list that is broken has a mistake of its own.
      ...("consumers" in stamp.it && stamp.it.consumers === undefined
        ? []
        : regionsOf(stamp).flatMap((region) => appsIn(region, consumers))),
    ];
  });

function takingOf({ at, it }: Placed<Stamp>, consumers: readonly Placed<Consumer>[]): Mistake[] {
  const taken = consumers.flatMap((consumer) => placed<string>(consumer.it.takes, `${consumer.at}.takes`));
  const known = entitiesOf(it);
  return [
    ...taken
      .filter(({ it: name }) => known && !known.includes(name.toLowerCase()))
      .map(({ at: path, it: name }) => ({
        path,
        got: `"${name}"`,
        expected: "a queue or <topic>/<subscription> that consumers take from",
        fix: `name one that is declared under ${at}, is not forwarded, and is not the queue of refused messages`,
      })),
    ...repeated(taken.map((each) => ({ at: each.at, value: each.it }))).map(({ at: path, value, first }) => ({
      path,
      got: `"${value}"`,
      expected: `one that ${first} does not take`,
      fix: "let one consumer take it",
    })),
  ];
}

/** Those that consumers take from, in lower case; nothing where a list is broken. */
function entitiesOf({ queues, topics, refusedMessages }: Draft<Stamp>): string[] | undefined {
  const isOpen = (each: { readonly forwardTo?: unknown }) => each.forwardTo === undefined;
  const all = [
    ...placed<Stamp["queues"][number]>(queues, "")
      .filter(({ it }) => isOpen(it))
      .map(({ it }) => it.name),
    ...placed<Stamp["topics"][number]>(topics, "").flatMap(({ it: topic }) =>
      placed<Stamp["topics"][number]["subscriptions"][number]>(topic.subscriptions, "")
        .filter(({ it }) => isOpen(it))
        .map(({ it }) => (topic.name === undefined || it.name === undefined ? undefined : `${topic.name}/${it.name}`)),
    ),
  ];
  const named = all.flatMap((name) => name?.toLowerCase() ?? []);
  return named.length < all.length ? undefined : named.filter((name) => name !== refusedMessages?.toLowerCase());
}

function appsIn({ at, it }: Placed<Region>, consumers: readonly Placed<Consumer>[]): Mistake[] {
  const apps = placed<RegionalApp>(it.consumers, `${at}.consumers`);
  const names = consumers.flatMap((consumer) => consumer.it.name ?? []);
  return [
    ...repeated(apps.map((app) => ({ at: `${app.at}.consumer`, value: app.it.consumer }))).map(
      ({ at: path, value, first }) => ({
        path,
        got: `"${value}"`,
        expected: `a consumer that ${first} is not`,
        fix: "name one app of each consumer",
      }),
    ),
    ...apps
      .filter((app) => app.it.consumer !== undefined && !names.includes(app.it.consumer))
      .map((app) => ({
        path: `${app.at}.consumer`,
        got: `"${app.it.consumer ?? ""}"`,
        expected:
          names.length === 0 ? "nothing: the stamp has no consumers beside the first" : `one of ${names.join(", ")}`,
        fix: "add it to consumers of the stamp, or correct its name",
      })),
    ...names
      .filter((name) => !apps.some((app) => app.it.consumer === name))
      .map((name) => ({
        path: `${at}.consumers`,
        got: apps.length === 0 ? "nothing" : "other consumers alone",
        expected: `an app of the consumer ${name}: after a failover the region takes what the other one took`,
        fix: "add its function app and its storage account",
      })),
  ];
}
