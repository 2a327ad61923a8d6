import { networkOf } from "../azure-facts/arm-ids";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { SynthesizedStack } from "../synthesized/cdktf-out";
import { serviceBusHost } from "../topology/names";
import { addressesOf, numberOf, PRIVATE_ADDRESSES } from "../proof/packets/addresses";
import type { Answer } from "../proof/reach/azure-resolver";
import type { Azure, FunctionApp } from "./azure/azure";
import { isListed } from "./azure/forwarder";
import { azureFrom } from "./azure/from-stacks";
import { endpointsReachedFrom } from "./azure/peers";
import { FunctionsHost } from "./functions-host/host";
import type { Redirects } from "./functions-host/worker/redirects";
import { IdentityEndpoint } from "./identity/identity-endpoint";
import { TokenAuthority } from "./identity/tokens";
import { Ingestion } from "./monitoring/ingestion";
import { CertificateAuthority } from "./names/certificates";
import { DnsServer } from "./names/dns-server";
import { endpointsOf } from "./names/monitoring";
import { type DnsRecord, publicAddress, resolve } from "./names/resolve";
import { checkTrust } from "./names/trust";
import { Ways } from "./names/ways";
import { SiteEdge } from "./operators/site-edge";
import { ResourceManager } from "./resource-manager/resource-manager";
import { Broker } from "./service-bus/broker";
import { Failure } from "../failure";

const AMQPS = 5671;
const HTTPS = 443;

export interface LocalAzureProps {
  /** What is deployed already. @default nothing: Resource Manager fills it */
  readonly stacks?: readonly SynthesizedStack[];
  /** The run's folder; made where it does not exist. */
  readonly folder: string;
  /** Instances of each app. @default 2 */
  readonly instances?: number;
  /** Whether apps send telemetry. @default true */
  readonly telemetry?: boolean;
  /** Ports by the name of a namespace or an app. @default free ones */
  readonly ports?: Readonly<Record<string, number>>;
  /** How long a new endpoint of a site answers 403, in milliseconds. @default 0 */
  readonly endpointMs?: number;
  /** Whether a debugger can connect to each worker. @default false */
  readonly inspect?: boolean;
  /** Changes the model before anything serves it. */
  readonly prepare?: (azure: Azure) => void;
  readonly crashed?: (instance: string) => void;
}

/** The data plane of the small Azure, on loopback: what the stacks would deploy, running. */
export class LocalAzure {
  private constructor(
    /** Workers that ended by themselves, and when, in milliseconds since the epoch. */
    readonly crashes: readonly { readonly at: number; readonly instance: string }[],
    readonly azure: Azure,
    readonly authority: TokenAuthority,
    readonly broker: Broker,
    readonly ingestion: Ingestion,
    readonly host: FunctionsHost,
    readonly resourceManager: ResourceManager,
    readonly identityEndpoint: IdentityEndpoint,
    /** Path of the certificate that a client of the run has to trust. */
    readonly authorityPath: string,
    /** What the proof says of the stacks. @default nothing: Resource Manager fills what runs */
    readonly ways: Ways | undefined,
    /** The names and connections of a host in a network; none: of one outside every network. */
    readonly redirectsAt: (at?: NetworkPlace) => Promise<Redirects>,
    private readonly stops: (() => Promise<void>)[],
  ) {}

  /** @throws Failure for what the user can correct; nothing is left running then */
  static async start({
    stacks = [],
    folder,
    instances = 2,
    telemetry,
    ports,
    inspect,
    endpointMs,
    prepare,
    crashed,
  }: LocalAzureProps): Promise<LocalAzure> {
    const stops: (() => Promise<void>)[] = [];
    const crashes: { at: number; instance: string }[] = [];
    const started = <T extends { stop(): Promise<void> }>(service: T): T => {
      stops.unshift(() => service.stop());
      return service;
    };
    try {
      mkdirSync(folder, { recursive: true });
      const azure = azureFrom(stacks);
      if (stacks.length > 0) refuseUnpublished(azure);
      azure.change(() => prepare?.(azure));
      const authority = new TokenAuthority();
      const certificates = await CertificateAuthority.create();
      const authorityPath = join(folder, "certificate-authority.pem");
      writeFileSync(authorityPath, certificates.certificate);
      const broker = started(await Broker.start({ azure, authority, certificates, ports }));
      for (const { name } of azure.namespaces.all()) {
        await checkTrust({ port: broker.port(name), host: serviceBusHost(name), authorityPath });
      }
      const ingestion = started(await Ingestion.start(azure, authority, certificates));
      const identityEndpoint = started(await IdentityEndpoint.start(azure, authority));
      const ways = stacks.length > 0 ? new Ways(stacks, azure) : undefined;
      const dns = new Map<string, Promise<DnsServer>>();
      const dnsOf = async ({ id, subnetId }: FunctionApp) => {
        const networkId = subnetId === undefined ? undefined : networkOf(subnetId);
        const resolveFor = (name: string) => answered(resolve(azure, networkId, name), ways?.answer(id, name));
        const known = dns.get(id) ?? DnsServer.start(resolveFor).then(started);
        dns.set(id, known);
        return await known;
      };
      const redirectsAt = async (at: NetworkPlace | undefined): Promise<Redirects> => {
        const { port } = started(await DnsServer.start((name) => namesAt(azure, at, ways, name)));
        await broker.settled();
        return { dns: `127.0.0.1:${port}`, ports: at ? portsAt(azure, at, { broker, ways, sites: edge.port }) : {} };
      };
      const host: FunctionsHost = started(
        await FunctionsHost.start({
          azure,
          authority,
          identityEndpoint,
          authorityPath,
          folder,
          instances,
          telemetry,
          ports,
          inspect,
          crashed: (instance) => {
            crashes.push({ at: Date.now(), instance });
            crashed?.(instance);
          },
          redirects: async (app) => {
            const { port } = await dnsOf(app);
            await broker.settled();
            return { dns: `127.0.0.1:${port}`, ports: portsFrom(azure, app, { broker, telemetry: ingestion, ways }) };
          },
        }),
      );
      const edge = started(
        await SiteEdge.start(certificates, (site) => host.apps.find(({ app }) => app.name === site)?.url),
      );
      const manager = started(
        await ResourceManager.start({ azure, authority, certificates, endpointMs, folder: join(folder, "published") }),
      );
      return new LocalAzure(
        ...([crashes, azure, authority, broker, ingestion, host, manager, identityEndpoint] as const),
        ...([authorityPath, ways, redirectsAt, stops] as const),
      );
    } catch (error) {
      // The first error is the one to report.
      await stopAll(stops).catch(() => undefined);
      throw error;
    }
  }

  /** Errors of its own, which no client caused. There should be none: a run with one proves nothing. */
  failures(): readonly Error[] {
    return [...this.broker.failures, ...this.resourceManager.failures];
  }

  /** Ends everything that was started, also if one of them fails to end; once. */
  async stop(): Promise<void> {
    await stopAll(this.stops);
  }
}

/** @throws Failure where the stacks have an app and no package for it */
function refuseUnpublished(azure: Azure): void {
  const app = azure.apps.all().find(({ id }) => !azure.packages.get(id));
  if (app) throw new Failure(`No stack publishes a package to ${app.name}: synthesize again, npm run synth.`);
}

/** In their order, each of them, and none twice. */
async function stopAll(stops: (() => Promise<void>)[]): Promise<void> {
  const failures: unknown[] = [];
  for (let stop = stops.shift(); stop; stop = stops.shift()) {
    try {
      await stop();
    } catch (error) {
      failures.push(error);
    }
  }
  if (failures.length > 0) throw failures[0];
}

interface Served {
  readonly broker: Broker;
  readonly telemetry: Ingestion;
  readonly ways: Ways | undefined;
}

/** What an app reaches: the endpoints in its network and in its peers, and telemetry, as far as the proof says that the way is open. */
function portsFrom(azure: Azure, { id: appId, subnetId }: FunctionApp, { broker, telemetry, ways }: Served) {
  const networkId = subnetId === undefined ? undefined : networkOf(subnetId);
  const opens = (address: string, port: number) => ways?.opens(appId, address, port) !== false;
  const endpoints = networkId === undefined ? [] : endpointsReachedFrom(azure, networkId);
  const namespaces = endpoints.flatMap(({ address, targetId }) => {
    const namespace = azure.namespaces.get(targetId);
    return namespace && opens(address, AMQPS) ? [[`${address}:${AMQPS}`, broker.port(namespace.name)] as const] : [];
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

function namesAt(azure: Azure, at: NetworkPlace | undefined, ways: Ways | undefined, name: string) {
  return answered(resolve(azure, at?.networkId, name), at && ways?.answer(at.address, name));
}

/** The namespaces and the sites that a host reaches. */
function portsAt(
  azure: Azure,
  { networkId, address: own }: NetworkPlace,
  { broker, ways, sites }: { readonly broker: Broker; readonly ways: Ways | undefined; readonly sites: number },
): Redirects["ports"] {
  const ends = endpointsReachedFrom(azure, networkId).flatMap(({ address, targetId }) => {
    const namespace = azure.namespaces.get(targetId);
    const [port, to] = namespace ? [AMQPS, broker.port(namespace.name)] : [HTTPS, sites];
    const isServed = namespace !== undefined || azure.apps.get(targetId) !== undefined;
    return isServed && ways?.opens(own, address, port) !== false ? [[`${address}:${port}`, to] as const] : [];
  });
  return Object.fromEntries(ends);
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
