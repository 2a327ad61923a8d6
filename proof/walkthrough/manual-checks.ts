import type { Stamp } from "../../topology/schema";
import { regionParts, type RegionParts } from "../declared/region-parts";
import { allOf } from "../packets/addresses";
import { tcp } from "../packets/services";
import { ask } from "../reach/ask";
import { partOf, type Place } from "../reach/place";
import type { Reach } from "../reach/reach";
import { appPlace, busHost } from "./shared";

/** A check that was made by hand for the design document's own deployment: who gets at what, from where. */
export interface ManualCheck {
  /** What is got at, in which region: `the storage account in eastus2`. */
  readonly what: string;
  readonly from: string;
  readonly expected: boolean;
  readonly found: boolean;
  /** What decides it. */
  readonly by: string;
}

/** From outside, and from each spoke. */
interface Vantage {
  readonly name: string;
  readonly region?: RegionParts;
}

/**
 * Every check, for each region: its storage, namespace, sites, log stream and functions from outside and from each spoke; and for each pair of a function and a namespace, whether a queue and
 * a topic there trigger the function.
 */
export function manualChecks(stamp: Stamp, reach: Reach): ManualCheck[] {
  const regions = stamp.regions.map((region) => regionParts(stamp, region, reach));
  const vantages: Vantage[] = [
    { name: "outside" },
    ...regions.map((region) => ({ name: `the spoke in ${region.region.location}`, region })),
  ];
  return [
    ...regions.flatMap((target) => vantages.flatMap((vantage) => access(target, vantage, reach))),
    ...regions.flatMap((own) => regions.flatMap((target) => triggers(own, target, reach))),
  ];
}

function access(target: RegionParts, { name, region: from }: Vantage, reach: Reach): ManualCheck[] {
  const { region, stamp } = target;
  const outside = reach.place("Internet");
  const isOwn = from === target;
  const app = from && appPlace(from, from.region.functionApps.producer ?? from.region.functionApps.consumer);
  const hosts = from?.hosts;
  const agents = from && agentsIn(from);
  const account = region.functionApps.producer === undefined ? region.consumerStorageAccount : region.storageAccount;
  const site = region.functionApps.producer ?? region.functionApps.consumer;
  const check = (
    what: string,
    place: Place | undefined,
    host: string,
    port: number,
    expected: boolean,
  ): ManualCheck => {
    const { verdict, steps } = ask(reach, { place: from ? (place ?? outside) : outside, to: host, service: tcp(port) });
    const last = steps.at(-1);
    return {
      what: `${what} in ${region.location}`,
      from: name,
      expected,
      found: verdict === "reaches",
      by: `${last?.by ?? ""}: ${last?.why ?? ""}`,
    };
  };
  const mayPost = stamp.access.producersInWorkloadSubnet && region.functionApps.producer !== undefined;
  return [
    check("the storage account", app, `${account ?? ""}.blob.core.windows.net`, 443, isOwn),
    // An endpoint of each namespace is in each spoke.
    check("the namespace", app, busHost(target), 5671, from !== undefined),
    check("the SCM site", agents, `${site}.scm.azurewebsites.net`, 443, isOwn && agents !== undefined),
    check("the HTTP function", hosts, `${site}.azurewebsites.net`, 443, isOwn && mayPost),
    // The log stream and the editor of functions are parts of the SCM site.
    check("the log stream", agents, `${site}.scm.azurewebsites.net`, 443, isOwn && agents !== undefined),
    check("creating a function", agents, `${site}.scm.azurewebsites.net`, 443, isOwn && agents !== undefined),
  ];
}

/** Deploy agents in a region's workload-subnet. */
function agentsIn({ stamp, hosts }: RegionParts): Place | undefined {
  const addresses = hosts.addresses.and(allOf(stamp.access.deployAgents));
  return addresses.isEmpty ? undefined : partOf(hosts, addresses, `deploy agents in ${hosts.name}`);
}

/** A consumer takes from its own region's namespace: by its settings, by an open way, and by its role. */
function triggers(own: RegionParts, target: RegionParts, reach: Reach): ManualCheck[] {
  const place = appPlace(own, own.region.functionApps.consumer);
  const app = place?.app;
  const namespace = reach.model.services.find(
    ({ name }) => name.toLowerCase() === target.region.serviceBus.namespace.toLowerCase(),
  );
  const isConfigured = app?.settings.ServiceBus__fullyQualifiedNamespace === busHost(target);
  const isReached =
    place !== undefined && ask(reach, { place, to: busHost(target), service: tcp(5671) }).verdict === "reaches";
  const mayReceive = reach.model.roles.some(
    ({ principal, name, scope }) =>
      app?.identityIds.includes(principal) === true &&
      name === "Azure Service Bus Data Receiver" &&
      scope.startsWith(namespace?.id ?? "none"),
  );
  return (["a queue", "a topic"] as const).map((entity) => ({
    what: `${entity} of the namespace in ${target.region.location} triggers a function`,
    from: `the function in ${own.region.location}`,
    expected: own === target,
    found: isConfigured && isReached && mayReceive && takesFrom(app.settings.CONSUMER_SOURCES, entity),
    by: !isConfigured
      ? "its connection is to another namespace"
      : mayReceive
        ? "its connection, the way and its role"
        : "it has no role there",
  }));
}

/** `["queue1;30","topic1/subscription1;30"]`. */
function takesFrom(sources: string | undefined, entity: "a queue" | "a topic"): boolean {
  return (JSON.parse(sources ?? "[]") as string[]).some((source) => source.includes("/") === (entity === "a topic"));
}
