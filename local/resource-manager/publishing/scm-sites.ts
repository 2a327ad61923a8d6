import { createHash, randomUUID } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type ArmDocument, bodiesOf, propertiesOf } from "../../azure/document";
import { unzip } from "../../unzip";
import { type Arm, isDone } from "../arm/arm";
import { sameId } from "../arm/resource-id";
import { endpointsOf } from "../providers/network/private-endpoints";

/** What the SCM host of a site is called after its name. */
export const SCM_SUFFIX = ".scm.azurewebsites.net";

export interface ScmSitesProps {
  readonly arm: Arm;
  /** Where published packages go. */
  readonly folder: string;
  /** How long a new endpoint answers 403, in milliseconds. */
  readonly endpointMs: number;
  /** Whether a token is one of Entra's for Resource Manager. */
  readonly signedIn: (token: string) => boolean;
}

/** Kudu's deployment states (github.com/projectkudu/kudu, DeployStatus). */
const FAILED = 3;
const SUCCEEDED = 4;

interface Deployment {
  readonly id: string;
  readonly status: number;
  readonly status_text: string;
  readonly message: string;
}

/** The SCM hosts of sites (Kudu): where code is published. */
export class ScmSites {
  /** By the site's id; the latest first. */
  private readonly deployments = new Map<string, Deployment[]>();
  /** When a site was found reachable first, by its id. */
  private readonly reachableFrom = new Map<string, number>();

  constructor(private readonly props: ScmSitesProps) {}

  /** @param host `<app>.scm.azurewebsites.net` */
  async answer(host: string, request: Request): Promise<Response> {
    const { arm, signedIn } = this.props;
    const site = arm.all("Microsoft.Web/sites").find(({ name }) => sameId(`${name}${SCM_SUFFIX}`, host));
    if (!site) return new Response("404 Web Site not found.", { status: 404 });
    if (!this.isReachable(site) || this.isNew(site)) {
      return new Response(
        "Error 403 - Forbidden: The web app you have attempted to reach has blocked your access. (Ip Forbidden)",
        { status: 403 },
      );
    }
    // Basic authentication is refused: there is no password.
    const [, token] = /^Bearer (.+)$/i.exec(request.headers.get("authorization") ?? "") ?? [];
    if (token === undefined || !signedIn(token)) {
      return new Response(null, { status: 401, headers: { "www-authenticate": 'Basic realm="site"' } });
    }
    const { pathname, searchParams } = new URL(request.url);
    if (request.method === "POST" && pathname === "/api/zipdeploy") {
      const content = Buffer.from(await request.arrayBuffer());
      const before = this.deployments.get(site.id) ?? [];
      this.deployments.set(site.id, [this.deploy(site, content, searchParams.get("message") ?? ""), ...before]);
      return new Response(null, { status: 202, headers: { location: `https://${host}/api/deployments/latest` } });
    }
    const deployments = (this.deployments.get(site.id) ?? []).map(shown);
    const asked = /^\/api\/deployments(?:\/(?<id>[^/]+))?\/?$/.exec(pathname)?.groups;
    if (request.method !== "GET" || !asked) return new Response(null, { status: 404 });
    const { id: wanted }: { readonly id?: string } = asked;
    if (wanted === undefined) return Response.json(deployments);
    const found = wanted === "latest" ? deployments[0] : deployments.find(({ id }) => id === wanted);
    return found ? Response.json(found) : new Response(null, { status: 404 });
  }

  private isNew({ id }: ArmDocument): boolean {
    const since = this.reachableFrom.get(id) ?? Date.now();
    this.reachableFrom.set(id, since);
    return Date.now() - since < this.props.endpointMs;
  }

  /** Without public access a site is reached through its endpoint only, and only by a client that gets its name from a zone. */
  private isReachable(site: ArmDocument): boolean {
    const { arm } = this.props;
    if (propertiesOf(site).publicNetworkAccess !== "Disabled") return true;
    return endpointsOf(arm, site.id).some(
      (endpoint) =>
        isDone(endpoint) &&
        arm
          .all("Microsoft.Network/privateEndpoints/privateDnsZoneGroups")
          .some(
            (group) =>
              group.id.toLowerCase().startsWith(`${endpoint.id.toLowerCase()}/`) &&
              bodiesOf(propertiesOf(group), "privateDnsZoneConfigs").length > 0,
          ),
    );
  }

  /** Takes a package, and lets the Functions host know. */
  private deploy(site: ArmDocument, content: Buffer, message: string): Deployment {
    const id = randomUUID();
    try {
      unzip(content);
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      return {
        id,
        status: FAILED,
        status_text: `Package deployment failed: no zip archive that is taken: ${why}.`,
        message,
      };
    }
    const name = `${site.name}.zip`;
    const hash = createHash("sha256").update(name).update("\0").update(content).digest("hex");
    const folder = join(this.props.folder, hash);
    mkdirSync(folder, { recursive: true });
    const path = join(folder, name);
    writeFileSync(path, content);
    this.props.arm.azure.packages.put({ siteId: site.id, path, hash });
    return { id, status: SUCCEEDED, status_text: "", message };
  }
}

/** As Kudu shows it. */
function shown(deployment: Deployment, index: number) {
  return { ...deployment, complete: true, active: index === 0 && deployment.status === SUCCEEDED };
}
