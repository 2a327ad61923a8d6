import type { ServiceBusManagementClient } from "@azure/arm-servicebus";
import { Failure, UsageError } from "../../failure";
import { serviceBusManagement } from "../../operator/service-bus-management";
import { type Session, sessionFrom } from "../../operator/session";
import { endpointAddress, namespaceEndpoint } from "../../topology/addresses";
import { loadTopology } from "../../topology/load";
import { aliasInUse, siteHostsOf } from "../../topology/names";
import type { Region, Stamp } from "../../topology/schema";
import { namespacesWithEndpointIn } from "../../topology/zones";
import { stampNamed } from "../selection";

/** A namespace of the stamp, as Azure's calls and people name it. */
export interface OwnNamespace {
  readonly region: Region;
  readonly resourceGroup: string;
  readonly namespace: string;
}

/** What the commands for people on call work on. */
export interface StampOnCall {
  readonly stamp: Stamp;
  readonly session: Session;
  readonly bus: ServiceBusManagementClient;
  /** The topology's primary first. */
  readonly namespaces: readonly OwnNamespace[];
}

/** @throws UsageError where the topology has no such stamp, or a variable is missing; Failure where the cloud does not answer */
export async function stampOnCall(name: string | undefined): Promise<StampOnCall> {
  const topology = loadTopology();
  if (name === undefined && topology.stamps.length > 1) {
    throw new UsageError(
      `The topology has several stamps: name one by --stamp, of ${topology.stamps.map((each) => each.name ?? "").join(", ")}.`,
    );
  }
  const stamp = stampNamed(topology, name);
  let session: Session;
  try {
    session = await sessionFrom(process.env);
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    throw error.name === "Unanswered" ? new Failure(error.message) : new UsageError(error.message);
  }
  const namespaces = stamp.regions.map((region) => ({
    region,
    resourceGroup: region.resourceGroups.messaging,
    namespace: region.serviceBus.namespace,
  }));
  return {
    stamp,
    session,
    bus: serviceBusManagement(session),
    namespaces: [
      ...namespaces.filter(({ region }) => region.location === stamp.primary),
      ...namespaces.filter(({ region }) => region.location !== stamp.primary),
    ],
  };
}

/** The alias. @throws UsageError where the topology has no pair */
export function aliasOf(stamp: Stamp): string {
  const alias = aliasInUse(stamp);
  if (alias !== undefined) return alias;
  throw new UsageError(
    `The topology has no pair of regions${stamp.name === undefined ? "" : ` in the stamp ${stamp.name}`}, or pairing.state is "unpaired": there is nothing to fail over.`,
  );
}

/** Which namespace an address of a private endpoint leads to. */
export function namespaceAt({ regions, ...stamp }: Stamp, address: string): string | undefined {
  for (const spoke of regions)
    for (const target of namespacesWithEndpointIn({ regions, ...stamp }, spoke))
      if (endpointAddress(spoke, namespaceEndpoint(spoke, target)) === address) return target.serviceBus.namespace;
  return undefined;
}

/** The producers' sites: they connect by the alias, each from its own spoke. */
export function producerSites({ regions }: Stamp): readonly { readonly location: string; readonly site: string }[] {
  return regions.flatMap(({ location, functionApps: { producer } }) =>
    producer === undefined ? [] : [{ location, site: siteHostsOf(producer).site }],
  );
}
