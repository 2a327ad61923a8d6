import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { UsageError } from "../../topology/mistake";
import type { Azure, FunctionApp } from "../azure/azure";
import type { IdentityEndpoint } from "../identity/identity-endpoint";
import type { TokenAuthority } from "../identity/tokens";
import { FrontEnd } from "./front-end";
import { Instance, WorkerFailed } from "./instance";
import { unpack } from "./unpack";
import { bundleWorker, type WorkerBundle } from "./worker-bundle";
import { REDIRECTS, type Redirects } from "./worker/redirects";

/** A function app that runs. */
export interface RunningApp {
  readonly app: FunctionApp;
  readonly url: string;
  readonly instances: readonly Instance[];
}

export interface FunctionsHostProps {
  readonly azure: Azure;
  readonly authority: TokenAuthority;
  readonly identityEndpoint: IdentityEndpoint;
  /** Path of the certificate authority that the workers trust. */
  readonly authorityPath: string;
  /** What a region's workers reach, and where it really is. */
  readonly redirects: (location: string) => Redirects;
  /** The run's folder: packages, logs. */
  readonly folder: string;
  /** How many instances each app has. */
  readonly instances: number;
  /** Ports of sites by app. @default free ones */
  readonly ports?: Readonly<Record<string, number>>;
  /** Whether apps send telemetry. @default true */
  readonly telemetry?: boolean;
  readonly crashed?: (instance: string) => void;
}

/** App Service with the Functions host: every app of the small Azure that has a package, each instance a process. */
export class FunctionsHost {
  readonly apps: RunningApp[] = [];
  private readonly frontEnds: FrontEnd[] = [];
  private readonly instances: Instance[] = [];

  private constructor(private readonly props: FunctionsHostProps) {}

  /** @throws UsageError where a package is not the stacks' own or does not load; nothing is left running then */
  static async start(props: FunctionsHostProps): Promise<FunctionsHost> {
    const host = new FunctionsHost(props);
    try {
      const worker = bundleWorker(join(props.folder, "worker"));
      mkdirSync(host.logs, { recursive: true });
      // Every one comes to its end first, so that what is stopped starts nothing any more.
      const starts = await Promise.allSettled(props.azure.apps.all().map((app) => host.startApp(app, worker)));
      for (const start of starts) if (start.status === "rejected") throw start.reason;
      host.apps.sort((one, other) => (one.app.name < other.app.name ? -1 : 1));
    } catch (error) {
      await host.stop();
      throw error;
    }
    return host;
  }

  /** Where the instances' logs are. */
  get logs(): string {
    return join(this.props.folder, "logs");
  }

  app(name: string): RunningApp {
    const found = this.apps.find(({ app }) => app.name === name);
    if (!found) throw new Error(`There is no app ${name}, only ${this.apps.map(({ app }) => app.name).join(", ")}.`);
    return found;
  }

  async stop(): Promise<void> {
    await Promise.all(this.frontEnds.map((frontEnd) => frontEnd.stop().catch(() => undefined)));
    await Promise.all(this.instances.map((instance) => instance.stop()));
  }

  private async startApp(app: FunctionApp, worker: WorkerBundle): Promise<void> {
    const { azure, authority, folder, ports = {} } = this.props;
    const deployed = azure.packages.get(app.id);
    if (!deployed)
      throw new UsageError(`No stack publishes a package to ${app.name}: synthesize again, npm run synth.`);
    const unpacked = join(folder, "sites", app.name);
    unpack(deployed, unpacked);
    const instances = Array.from({ length: this.props.instances }, (_, index) =>
      this.instanceOf(app, worker, unpacked, index + 1),
    );
    this.instances.push(...instances);
    const starts = await Promise.allSettled(instances.map((instance) => instance.start()));
    for (const start of starts) {
      if (start.status === "fulfilled") continue;
      const reason: unknown = start.reason;
      if (!(reason instanceof WorkerFailed)) throw reason;
      throw new UsageError(`The package of ${app.name} does not start: ${reason.message}`);
    }
    const frontEnd = new FrontEnd({ app, instances, authority, port: ports[app.name] });
    this.frontEnds.push(frontEnd);
    this.apps.push({ app, instances, url: await frontEnd.start() });
  }

  private instanceOf(app: FunctionApp, worker: WorkerBundle, unpacked: string, number: number): Instance {
    const { identityEndpoint, authorityPath, redirects, telemetry = true, crashed } = this.props;
    const name = `${app.name}-${number}`;
    const { APPLICATIONINSIGHTS_CONNECTION_STRING: connection, ...settings } = app.settings;
    return new Instance({
      name,
      worker,
      folder: unpacked,
      logPath: join(this.logs, `${name}.jsonl`),
      environment: {
        ...(process.env.PATH === undefined ? {} : { PATH: process.env.PATH }),
        ...settings,
        ...(telemetry && connection !== undefined ? { APPLICATIONINSIGHTS_CONNECTION_STRING: connection } : {}),
        ...identityEndpoint.environmentFor(app),
        // What App Service sets by itself (learn.microsoft.com/azure/app-service/reference-app-settings).
        WEBSITE_SITE_NAME: app.name,
        WEBSITE_INSTANCE_ID: name,
        FUNCTIONS_WORKER_RUNTIME: "node",
        NODE_EXTRA_CA_CERTS: authorityPath,
        // The SDK's own telemetry about itself goes to hosts that no firewall rule names.
        APPLICATION_INSIGHTS_NO_STATSBEAT: "true",
        [REDIRECTS]: JSON.stringify(redirects(app.location)),
      },
      crashed: () => crashed?.(name),
    });
  }
}
