import { networkOf } from "../azure-facts/arm-ids";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { SynthesizedStack } from "../synthesized/cdktf-out";
import { serviceBusHost } from "../topology/names";
import type { Azure } from "./azure/azure";
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
import { publicAddress } from "./names/resolve";
import { checkTrust } from "./names/trust";
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
      const dns = new Map<string, Promise<DnsServer>>();
      const dnsOf = async (networkId: string | undefined) => {
        const key = networkId?.toLowerCase() ?? "";
        const known = dns.get(key) ?? DnsServer.start(azure, networkId).then(started);
        dns.set(key, known);
        return await known;
      };
      const host = started(
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
          redirects: async ({ subnetId }) => {
            const networkId = subnetId === undefined ? undefined : networkOf(subnetId);
            const { port } = await dnsOf(networkId);
            await broker.settled();
            return { dns: `127.0.0.1:${port}`, ports: portsFrom(azure, networkId, broker, ingestion.port) };
          },
        }),
      );
      const manager = started(
        await ResourceManager.start({ azure, authority, certificates, endpointMs, folder: join(folder, "published") }),
      );
      return new LocalAzure(
        ...([crashes, azure, authority, broker, ingestion, host, manager, identityEndpoint] as const),
        ...([authorityPath, stops] as const),
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

/** What hosts in a network reach: the endpoints in it and in its peers, and telemetry. */
function portsFrom(
  azure: Azure,
  networkId: string | undefined,
  broker: Broker,
  telemetryPort: number,
): Redirects["ports"] {
  const endpoints = networkId === undefined ? [] : endpointsReachedFrom(azure, networkId);
  const namespaces = endpoints.flatMap(({ address, targetId }) => {
    const namespace = azure.namespaces.get(targetId);
    return namespace ? [[`${address}:${AMQPS}`, broker.port(namespace.name)] as const] : [];
  });
  // What an existing hub's filter does not allow is not reached. Of a hub that is built, the rules are this topology's own.
  const filters = azure.filters
    .all()
    .filter(({ spokeId }) => spokeId.toLowerCase() === networkId?.toLowerCase())
    .map(({ allowsHosts }) => allowsHosts);
  const telemetry = azure.insights.all().flatMap(({ id, ingestionHost, takesFromInternet = true }) => {
    const isOpen = takesFromInternet && filters.every((hosts) => isListed(hosts, ingestionHost));
    const addresses = [
      ...(isOpen ? [publicAddress(azure, ingestionHost) ?? ""] : []),
      ...endpointsOf(azure, id)
        .filter((endpoint) => endpoints.some((reached) => reached.id === endpoint.id))
        .map(({ address }) => address),
    ];
    return addresses.map((address) => [`${address}:${HTTPS}`, telemetryPort] as const);
  });
  return Object.fromEntries([...namespaces, ...telemetry]);
}
