import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { SynthesizedStack } from "../synthesized/cdktf-out";
import { serviceBusHost } from "../topology/names";
import type { Azure, FunctionApp } from "./azure/azure";
import { azureFrom } from "./azure/from-stacks";
import { FunctionsHost } from "./functions-host/host";
import type { Redirects } from "./functions-host/worker/redirects";
import { IdentityEndpoint } from "./identity/identity-endpoint";
import { TokenAuthority } from "./identity/tokens";
import { Ingestion } from "./monitoring/ingestion";
import { CertificateAuthority } from "./names/certificates";
import { DnsServer } from "./names/dns-server";
import { type NetworkPlace, namesAt, namesFor, portsAt, portsFrom } from "./names/reached";
import { checkTrust } from "./names/trust";
import { Ways } from "./names/ways";
import { SiteEdge } from "./operators/site-edge";
import { ResourceManager } from "./resource-manager/resource-manager";
import { Broker } from "./service-bus/broker";
import { Failure } from "../failure";

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
  /** How long an instance that is stopped lets its calls finish, in milliseconds. @default Azure's ten minutes */
  readonly drainMs?: number;
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
    drainMs,
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
      const dnsOf = async (app: FunctionApp) => {
        const { id } = app;
        const known = dns.get(id) ?? DnsServer.start((name) => namesFor(azure, app, ways, name)).then(started);
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
          ...(drainMs === undefined ? {} : { drainMs }),
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
      broker.manage = (request) => manager.handle(request);
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
