import { kindOf } from "../azure/app-kind";
import type { LocalAzure } from "../local-azure";

/** Something that may make a message come twice, and where. */
export interface Fault {
  /** In milliseconds since the epoch. */
  readonly at: number;
  readonly region: string;
  /** `a cut connection`, `a killed consumer`, … */
  readonly what: string;
  /** Whether it may have ended a send. */
  readonly endsSends: boolean;
}

/** What happened to the broker and to workers, in its order. @param regions by namespace */
export function faultsOf({ broker, crashes, host }: LocalAzure, regions: ReadonlyMap<string, string>): Fault[] {
  const ofBroker = broker.faults.flatMap(({ at, namespace, what }) => {
    const region = regions.get(namespace);
    return region === undefined ? [] : [{ at, region, what, endsSends: true }];
  });
  const ofWorkers = crashes.flatMap(({ at, instance }) => {
    const running = host.apps.find(({ instances }) => instances.some(({ name }) => name === instance));
    if (!running) return [];
    const kind = kindOf(running.app);
    return [{ at, region: running.app.location, what: `a killed ${kind}`, endsSends: kind === "producer" }];
  });
  return [...ofBroker, ...ofWorkers].sort((one, other) => one.at - other.at);
}
