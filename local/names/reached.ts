import { networkOf } from "../../azure-facts/arm-ids";
import { addressesOf, numberOf, PRIVATE_ADDRESSES } from "../../proof/packets/addresses";
import type { Answer } from "../../proof/reach/azure-resolver";
import type { Azure, FunctionApp } from "../azure/azure";
import { isListed } from "../azure/forwarder";
import { endpointsReachedFrom } from "../azure/peers";
import type { Redirects } from "../functions-host/worker/redirects";
import type { Ingestion } from "../monitoring/ingestion";
import type { Broker } from "../service-bus/broker";
import { endpointsOf } from "./monitoring";
import { type DnsRecord, publicAddress, resolve } from "./resolve";
import type { Ways } from "./ways";

const AMQPS = 5671;
const HTTPS = 443;

interface Served {
  readonly broker: Broker;
  readonly telemetry: Ingestion;
  readonly ways: Ways | undefined;
}

/** What an app reaches: the endpoints in its network and in its peers, and telemetry, as far as the proof says that the way is open. */
export function portsFrom(azure: Azure, { id: appId, subnetId }: FunctionApp, { broker, telemetry, ways }: Served) {
  const networkId = subnetId === undefined ? undefined : networkOf(subnetId);
  const opens = (address: string, port: number) => ways?.opens(appId, address, port) !== false;
  const endpoints = networkId === undefined ? [] : endpointsReachedFrom(azure, networkId);
  const namespaces = endpoints.flatMap(({ address, targetId }) => {
    const namespace = azure.namespaces.get(targetId);
    return namespace
      ? servedAt(broker, namespace.name)
          .filter(([port]) => opens(address, port))
          .map(at(address))
      : [];
  });
  // What an existing hub's filter does not allow is not reached.
  const filters = azure.filters
    .all()
    .filter(({ spokeId }) => spokeId.toLowerCase() === networkId?.toLowerCase())
    .map(({ allowsHosts }) => allowsHosts);
  const ingestion = azure.insights.all().flatMap(({ id, ingestionHost, takesFromInternet = true }) => {
    const isOpen =
      takesFromInternet &&
      filters.every((hosts) => isListed(hosts, ingestionHost)) &&
      ways?.opensTo(appId, ingestionHost, HTTPS) !== false;
    const addresses = [
      ...(isOpen ? [publicAddress(azure, ingestionHost) ?? ""] : []),
      ...endpointsOf(azure, id)
        .filter((endpoint) => endpoints.some((reached) => reached.id === endpoint.id))
        .map(({ address }) => address)
        .filter((address) => opens(address, HTTPS)),
    ];
    return addresses.map((address) => [`${address}:${HTTPS}`, telemetry.port] as const);
  });
  return Object.fromEntries([...namespaces, ...ingestion]);
}

/** A host that is no app. */
export interface NetworkPlace {
  readonly networkId: string;
  readonly address: string;
}

/** What a name leads to from an app. */
export function namesFor(azure: Azure, { id, subnetId }: FunctionApp, ways: Ways | undefined, name: string) {
  const networkId = subnetId === undefined ? undefined : networkOf(subnetId);
  return answered(resolve(azure, networkId, name), ways?.answer(id, name));
}

/** What a name leads to from a host. @param at none: outside every network */
export function namesAt(azure: Azure, at: NetworkPlace | undefined, ways: Ways | undefined, name: string) {
  return answered(resolve(azure, at?.networkId, name), at && ways?.answer(at.address, name));
}

/** The namespaces and the sites that a host reaches. */
export function portsAt(
  azure: Azure,
  { networkId, address: own }: NetworkPlace,
  { broker, ways, sites }: { readonly broker: Broker; readonly ways: Ways | undefined; readonly sites: number },
): Redirects["ports"] {
  const ends = endpointsReachedFrom(azure, networkId).flatMap(({ address, targetId }) => {
    const namespace = azure.namespaces.get(targetId);
    const site = azure.apps.get(targetId);
    const served = namespace ? servedAt(broker, namespace.name) : site ? [[HTTPS, sites] as const] : [];
    return served.filter(([port]) => ways?.opens(own, address, port) !== false).map(at(address));
  });
  return Object.fromEntries(ends);
}

/** A namespace's ports, and where they are on this machine. */
function servedAt(broker: Broker, namespace: string): (readonly [port: number, to: number])[] {
  return [
    [AMQPS, broker.port(namespace)],
    [HTTPS, broker.webPort(namespace)],
  ];
}

function at(address: string) {
  return ([port, to]: readonly [number, number]) => [`${address}:${port}`, to] as const;
}

/** An address for a name that leads past every endpoint, of a range for documentation (RFC 5737): nothing answers there. */
const ELSEWHERE = "198.51.100.254";

/** What the small Azure answers, where the proof says the same: a name that leads nowhere in the stacks does not resolve, and one that leads to a public address reaches no endpoint. */
function answered(chain: readonly DnsRecord[], answer: Answer | undefined): readonly DnsRecord[] {
  const address = chain.find(({ type }) => type === "A");
  if (answer === undefined || !address) return chain;
  switch (answer.kind) {
    case "private": {
      const isSame = answer.addresses.some((range) => addressesOf(range).has(numberOf(address.data)));
      return isSame ? chain : [];
    }
    case "public":
      return PRIVATE_ADDRESSES.has(numberOf(address.data)) ? [{ ...address, data: ELSEWHERE }] : chain;
    default:
      return [];
  }
}
