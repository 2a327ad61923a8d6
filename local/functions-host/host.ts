import { mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { BUILD } from "../../packaging/bundle";
import { Failure } from "../../failure";
import type { Azure, FunctionApp } from "../azure/azure";
import type { IdentityEndpoint } from "../identity/identity-endpoint";
import { Reconciler } from "../reconciler";
import type { TokenAuthority } from "../identity/tokens";
import { FrontEnd } from "./front-end";
import { Instance, WorkerFailed } from "./instance";
import { addSourceMap } from "./source-map";
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
  /** What an app's workers reach from its subnet, and where it really is. */
  readonly redirects: (app: FunctionApp) => Promise<Redirects>;
  /** The run's folder: packages, logs. */
  readonly folder: string;
  /** How many instances each app has. */
  readonly instances: number;
  /** Ports of sites by app. @default free ones */
  readonly ports?: Readonly<Record<string, number>>;
  /** Whether apps send telemetry. @default true */
  readonly telemetry?: boolean;
  /** Whether a debugger can connect to each worker. @default false */
  readonly inspect?: boolean;
  readonly crashed?: (instance: string) => void;
  /** How long an instance that is stopped lets its calls finish, in milliseconds; never longer than the host's `functionTimeout`. @default Azure's ten minutes */
  readonly drainMs?: number;
}

/** What a platform's update gives a call (learn.microsoft.com/azure/azure-functions/functions-scale#timeout). */
const DRAIN_MS = 600_000;
/** What a call has when the whole local Azure ends. */
const LAST_MS = 2_000;

interface Started extends RunningApp {
  /** What it was started with: another of it needs another start. */
  readonly version: string;
  readonly frontEnd: FrontEnd;
}

/** App Service with the Functions host: every app of the small Azure that has a package, each instance a process. It follows what is published and configured later. */
export class FunctionsHost {
  private readonly started = new Map<string, Started>();
  /** What is replaced, and still finishes its calls. */
  private readonly draining = new Set<Pick<Started, "frontEnd" | "instances">>();
  private readonly reconciler = new Reconciler(() => this.reconcile());
  private readonly worker: WorkerBundle;

  private constructor(private readonly props: FunctionsHostProps) {
    this.worker = bundleWorker(join(props.folder, "worker"));
    mkdirSync(this.logs, { recursive: true });
  }

  /** @throws Failure where a package is not the stacks' own or does not load; nothing is left running then */
  static async start(props: FunctionsHostProps): Promise<FunctionsHost> {
    const host = new FunctionsHost(props);
    const { azure } = props;
    try {
      await host.reconcile();
    } catch (error) {
      await host.stop();
      throw error;
    }
    azure.on("changed", host.onChange);
    return host;
  }

  /** Every app that runs, by its name. */
  get apps(): readonly RunningApp[] {
    return [...this.started.values()].sort((one, other) => (one.app.name < other.app.name ? -1 : 1));
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

  /** When what was published and configured runs. @throws Error where it does not start */
  async settled(): Promise<void> {
    await this.reconciler.settled();
  }

  async stop(): Promise<void> {
    this.props.azure.off("changed", this.onChange);
    for (const { frontEnd, instances } of this.draining) {
      void frontEnd.stop(LAST_MS).catch(() => undefined);
      for (const instance of instances) instance.hurry(LAST_MS);
    }
    await this.reconciler.stop();
    // There is no Azure left that a call could finish in.
    await Promise.all([...this.started.values()].map((app) => this.end(app, LAST_MS)));
  }

  private readonly onChange = (): void => {
    this.reconciler.changed();
  };

  /** Starts what has a package and does not run, ends what is gone, and starts anew what has changed. */
  private async reconcile(): Promise<void> {
    const { azure } = this.props;
    const wanted = new Map(azure.apps.all().flatMap((app) => (azure.packages.get(app.id) ? [[app.name, app]] : [])));
    for (const [name, running] of this.started) {
      if (!wanted.has(name)) await this.end(running);
    }
    // Each is awaited, so that a stopped host starts nothing later.
    const starts = await Promise.allSettled([...wanted.values()].map((app) => this.startApp(app)));
    for (const start of starts) if (start.status === "rejected") throw start.reason;
  }

  /** @param finishMs how long the calls that are under way may take, in milliseconds */
  private async end({ app, instances, frontEnd }: Started, finishMs = this.props.drainMs ?? DRAIN_MS): Promise<void> {
    this.started.delete(app.name);
    const ending = { frontEnd, instances };
    this.draining.add(ending);
    await Promise.all([
      frontEnd.stop(finishMs).catch(() => undefined),
      ...instances.map((instance) => instance.stop(finishMs)),
    ]);
    this.draining.delete(ending);
  }

  private async startApp(app: FunctionApp): Promise<void> {
    const { azure, authority, folder, ports = {}, redirects } = this.props;
    const deployed = azure.packages.get(app.id);
    if (!deployed) return;
    const reached = await redirects(app);
    const version = JSON.stringify([deployed.hash, app, reached]);
    const before = this.started.get(app.name);
    if (before?.version === version) return;
    const unpacked = join(folder, "sites", app.name, deployed.hash);
    unpack(deployed, unpacked);
    addSourceMap(unpacked, [BUILD, dirname(deployed.path)]);
    if (before) await this.end(before);
    const instances = Array.from({ length: this.props.instances }, (_, index) =>
      this.instanceOf(app, unpacked, index + 1, reached),
    );
    const frontEnd = new FrontEnd({ app, instances, authority, port: ports[app.name] });
    // Known before it runs, so that it is ended with the others after any failure.
    const running = { app, instances, frontEnd, version, url: "" };
    this.started.set(app.name, running);
    try {
      running.url = await startAll(app, instances, frontEnd);
    } catch (error) {
      // The next change tries again.
      await this.end(running);
      throw error;
    }
  }

  private instanceOf(app: FunctionApp, unpacked: string, number: number, redirects: Redirects): Instance {
    const { identityEndpoint, authorityPath, telemetry = true, inspect, crashed } = this.props;
    const name = `${app.name}-${number}`;
    const { APPLICATIONINSIGHTS_CONNECTION_STRING: connection, ...settings } = app.settings;
    return new Instance({
      name,
      worker: this.worker,
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
        [REDIRECTS]: JSON.stringify(redirects),
      },
      inspect,
      crashed: () => crashed?.(name),
    });
  }
}

/** @returns the site's URL @throws Failure where the package does not start */
async function startAll(app: FunctionApp, instances: readonly Instance[], frontEnd: FrontEnd): Promise<string> {
  const starts = await Promise.allSettled(instances.map((instance) => instance.start()));
  for (const start of starts) {
    if (start.status === "fulfilled") continue;
    const reason: unknown = start.reason;
    if (!(reason instanceof WorkerFailed)) throw reason;
    throw new Failure(`The package of ${app.name} does not start: ${reason.message}`);
  }
  return await frontEnd.start();
}
