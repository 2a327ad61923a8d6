import { PRODUCER_ENTITIES } from "../../functions/producer/entities";
import type { LocalAzure } from "../local-azure";

/** Something that may make a message come twice, and where. */
export interface Disturbance {
  /** In milliseconds since the epoch. */
  readonly at: number;
  readonly region: string;
  /** `a cut connection`, `a killed consumer`, … */
  readonly what: string;
  /** Whether it may have ended a send. */
  readonly ofSends: boolean;
}

/** What happened to the broker and to workers, in its order. @param regions by namespace */
export function disturbancesOf(
  { broker, crashes, host }: LocalAzure,
  regions: ReadonlyMap<string, string>,
): Disturbance[] {
  const ofBroker = broker.disturbances.map(({ at, namespace, what }) => ({
    at,
    region: regions.get(namespace) ?? "",
    what,
    ofSends: true,
  }));
  const ofWorkers = crashes.flatMap(({ at, instance }) => {
    const running = host.apps.find(({ instances }) => instances.some(({ name }) => name === instance));
    if (!running) return [];
    const producer = running.app.settings[PRODUCER_ENTITIES] !== undefined;
    return [
      {
        at,
        region: running.app.location,
        what: producer ? "a killed producer" : "a killed consumer",
        ofSends: producer,
      },
    ];
  });
  return [...ofBroker, ...ofWorkers].sort((one, other) => one.at - other.at);
}
