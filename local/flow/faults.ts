import { kindOf } from "../azure/app-kind";
import { type DeployedStamp, isInStamp } from "../azure/deployed-stamp";
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

/** What happened to a stamp's namespaces and workers, in its order. */
export function faultsOf({ broker, crashes, host }: LocalAzure, stamp: DeployedStamp): Fault[] {
  const regions = new Map(stamp.namespaces.map(({ name, location }) => [name, location]));
  const ofBroker = broker.faults.flatMap(({ at, namespace, what }) => {
    const region = regions.get(namespace);
    return region === undefined ? [] : [{ at, region, what, endsSends: true }];
  });
  const ofWorkers = crashes.flatMap(({ at, instance }) => {
    const running = host.apps.find(
      ({ app, instances }) => isInStamp(stamp, app) && instances.some(({ name }) => name === instance),
    );
    if (!running) return [];
    const kind = kindOf(running.app);
    return [{ at, region: running.app.location, what: `a killed ${kind}`, endsSends: kind === "producer" }];
  });
  return [...ofBroker, ...ofWorkers].sort((one, other) => one.at - other.at);
}
