import { randomBytes } from "node:crypto";
import { createServer, type Server } from "node:https";
import { getRequestListener } from "@hono/node-server";
import { type Context, Hono } from "hono";
import type { Azure } from "../azure/azure";
import type { Body } from "../azure/document";
import type { TokenAuthority } from "../identity/tokens";
import { close, listen } from "../listen";
import type { CertificateAuthority } from "../names/certificates";
import { Arm } from "./arm/arm";
import { ArmFault } from "./arm/fault";
import { Operations } from "./arm/operations";
import type { ArmAnswer, ArmRequest } from "./arm/exchange";
import { Requests } from "./arm/requests";
import { endpointsOf, openIdConfigurationOf, tokenFor } from "./cloud";
import { RESOURCE_TYPES } from "./providers";
import { seed } from "./seed";
import { SCM_SUFFIX, ScmSites } from "./publishing/scm-sites";
import type { ResourceType } from "./arm/resource-type";

export interface ResourceManagerProps {
  readonly azure: Azure;
  readonly authority: TokenAuthority;
  readonly certificates: CertificateAuthority;
  /** Where published packages go. */
  readonly folder: string;
  /** @default a free one */
  readonly port?: number;
  /** How long a new role assignment takes to reach the services, in milliseconds. In Azure it is minutes. @default 1000 */
  readonly propagationMs?: number;
  /** How long a subnet takes to be put, in milliseconds: its network is `Updating` meanwhile. In Azure it is seconds. @default 250 */
  readonly subnetMs?: number;
  /** How long a new endpoint of a site answers 403, in milliseconds. In Azure it is minutes. @default 0 */
  readonly endpointMs?: number;
}

function isSubnet(id: string): boolean {
  return /\/virtualNetworks\/[^/]+\/subnets\/[^/]+$/i.test(id);
}

/**
 * How long an unused connection is kept. azurerm gives one up after 90 s; where this side were the first, a request could meet the end of its connection,
 * and Go does not send a PUT again.
 */
const KEPT_MS = 600_000;

/** A call and how it was answered. */
export interface Exchange {
  readonly method: string;
  readonly path: string;
  readonly query: string;
  readonly request: Body;
  readonly status: number;
}

/** Everything here is of one tenant, and of every subscription that a client names. */
export const TENANT = "10ca1a2e-0000-4000-8000-000000000000";

/** Libraries that know one cloud only ask for this audience. */
const PUBLIC_AUDIENCE = "https://management.azure.com";

/**
 * Azure's management plane on loopback, over TLS: sign-in, Resource Manager, and the SCM hosts of sites. What is written here is written into the model
 * that the broker and the Functions host serve.
 */
export class ResourceManager {
  readonly operations = new Operations();
  readonly arm: Arm<ResourceType>;
  /** What a client signs in with: a secret of this run. */
  readonly clientSecret = randomBytes(32).toString("base64url");
  /** How many requests came, and how long they took altogether, in milliseconds. */
  readonly load = { requests: 0, milliseconds: 0 };
  /** Errors of its own. There should be none. */
  readonly failures: Error[] = [];
  /** Called with each call of Resource Manager. */
  record?: (exchange: Exchange) => void;
  port = 0;
  private readonly requests: Requests;
  private readonly scm: ScmSites;
  private server?: Server;

  private constructor(private readonly props: ResourceManagerProps) {
    const { azure, authority, folder, propagationMs = 1_000, subnetMs = 250, endpointMs = 0 } = props;
    if (subnetMs > 0) this.operations.hold({ matches: isSubnet, milliseconds: subnetMs, deletions: false });
    this.arm = new Arm(azure, RESOURCE_TYPES, { tenant: TENANT, propagationMs });
    this.requests = new Requests(this.arm, this.operations);
    this.scm = new ScmSites({
      arm: this.arm,
      folder,
      endpointMs,
      signedIn: (token) => this.audiences().some((audience) => authority.principalOf(token, audience) !== undefined),
    });
  }

  static async start(props: ResourceManagerProps): Promise<ResourceManager> {
    const manager = new ResourceManager(props);
    seed(manager.arm);
    const { key, certificate } = await props.certificates.identityFor(["localhost", `*${SCM_SUFFIX}`]);
    const respond = getRequestListener(manager.app().fetch);
    const server = createServer({ key, cert: certificate, keepAliveTimeout: KEPT_MS }, (request, response) => {
      void respond(request, response);
    });
    manager.server = server;
    manager.port = await listen(server, props.port);
    return manager;
  }

  /** What clients call it. */
  get origin(): string {
    return `https://localhost:${this.port}`;
  }

  /** The ids of all resources that there are. */
  resources(): string[] {
    return this.arm.within("").map(({ id }) => id);
  }

  /** What a caller that has been let in asks, without HTTP. @throws ArmFault */
  handle(request: ArmRequest): ArmAnswer {
    return this.requests.handle(request);
  }

  async stop(): Promise<void> {
    this.operations.stop();
    if (this.server) await close(this.server);
  }

  private audiences(): string[] {
    return [this.origin, PUBLIC_AUDIENCE];
  }

  private app(): Hono {
    const app = new Hono();
    app.use(async (_context, next) => {
      const began = performance.now();
      await next();
      this.load.requests += 1;
      this.load.milliseconds += performance.now() - began;
    });
    app.onError((error, context) => this.refuse(error, context));
    // A site's SCM host is known by its name; everything else is called localhost.
    app.use(async (context, next) => {
      const host = (context.req.header("host") ?? "").replace(/:\d+$/, "").toLowerCase();
      if (!host.endsWith(SCM_SUFFIX)) {
        await next();
        return;
      }
      return this.scm.answer(host, context.req.raw);
    });
    app.get("/metadata/endpoints", (context) => context.json(endpointsOf(this.origin)));
    app.get("/:tenant/v2.0/.well-known/openid-configuration", (context) =>
      context.json(openIdConfigurationOf(this.origin, context.req.param("tenant"))),
    );
    app.post("/:tenant/oauth2/v2.0/token", async (context) =>
      context.json(
        tokenFor(
          { authority: this.props.authority, azure: this.props.azure, secret: this.clientSecret },
          new URLSearchParams(await context.req.text()),
        ),
      ),
    );
    app.all("*", async (context) => await this.manage(context));
    return app;
  }

  private async manage(context: Context): Promise<Response> {
    const { method } = context.req;
    this.authenticate(context);
    const path = decodedPath(context.req.path);
    const providers = /^\/subscriptions\/[^/]+\/providers(?:\/([^/]+))?$/i.exec(path);
    if (method === "GET" && providers) return context.json(this.providers(providers[1]));
    const query = new URL(context.req.url).searchParams;
    const request = await bodyIn(context);
    const recorded = (status: number) => this.record?.({ method, path, query: query.toString(), request, status });
    let answer: ArmAnswer;
    try {
      answer = this.requests.handle({
        method,
        path,
        query,
        body: request,
        origin: this.origin,
      });
    } catch (error) {
      recorded(error instanceof ArmFault ? error.status : 500);
      throw error;
    }
    const { status, headers, body } = answer;
    recorded(status);
    return new Response(body === undefined ? null : JSON.stringify(body), {
      status,
      headers: { "content-type": "application/json; charset=utf-8", ...headers },
    });
  }

  /** @throws ArmFault where the caller has no token of ours for Resource Manager */
  private authenticate(context: Context): void {
    const [, token] = /^Bearer (.+)$/i.exec(context.req.header("authorization") ?? "") ?? [];
    if (token === undefined) {
      throw new ArmFault(401, "AuthenticationFailed", "Authentication failed. The 'Authorization' header is missing.");
    }
    if (this.audiences().some((audience) => this.props.authority.principalOf(token, audience))) return;
    throw new ArmFault(401, "InvalidAuthenticationToken", "The access token is invalid.");
  }

  /** Which providers are registered, and which types they have: all that are known here. */
  private providers(namespace?: string): object {
    const types = this.arm.knownTypes().filter(({ type }) => type.includes("/"));
    const names = [...new Set(types.map(({ type }) => type.split("/")[0] ?? ""))];
    const described = names.map((name) => ({
      namespace: name,
      registrationState: "Registered",
      resourceTypes: types
        .filter(({ type }) => type.startsWith(`${name}/`))
        .map(({ type }) => ({ resourceType: type.slice(name.length + 1), locations: [], apiVersions: [] })),
    }));
    if (namespace === undefined) return { value: described };
    const found = described.find((each) => each.namespace.toLowerCase() === namespace.toLowerCase());
    if (found) return found;
    throw new ArmFault(404, "InvalidResourceNamespace", `The resource namespace '${namespace}' is invalid.`);
  }

  private refuse(error: Error, context: Context): Response {
    if (error instanceof ArmFault) {
      return new Response(JSON.stringify(error.body), {
        status: error.status,
        headers: { "content-type": "application/json; charset=utf-8" },
      });
    }
    this.failures.push(error);
    return context.json({ error: { code: "InternalServerError", message: error.stack ?? error.message } }, 500);
  }
}

/** @throws ArmFault where it is not written as a path can be */
function decodedPath(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    throw new ArmFault(400, "BadRequest", "The request URI is not valid.");
  }
}

/** @throws ArmFault where there is one that is no JSON object */
async function bodyIn(context: Context): Promise<Body> {
  const text = await context.req.text();
  if (text === "") return {};
  try {
    const parsed: unknown = JSON.parse(text);
    if (typeof parsed === "object" && parsed !== null && !Array.isArray(parsed)) return parsed as Body;
  } catch {
    // The answer is below.
  }
  throw new ArmFault(400, "InvalidRequestContent", "The request content was invalid and could not be deserialized.");
}
