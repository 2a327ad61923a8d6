import { createHash } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { unzipSync } from "fflate";
import { type ArmDocument, bodiesOf, propertiesOf } from "../../azure/document";
import { type Arm, isDone } from "../arm/arm";
import { sameId } from "../arm/resource-id";
import { endpointsOf } from "../providers/network/private-endpoints";

/** What the SCM host of a site is called after its name. */
export const SCM_SUFFIX = ".scm.azurewebsites.net";

export interface ScmSitesProps {
  readonly arm: Arm;
  /** Where published packages go. */
  readonly folder: string;
  /** Whether a token is one of Entra's for Resource Manager. */
  readonly signedIn: (token: string) => boolean;
}

/** Kudu's deployment states (github.com/projectkudu/kudu, DeployStatus). */
const FAILED = 3;
const SUCCEEDED = 4;

interface Deployment {
  readonly status: number;
  readonly status_text: string;
  readonly message: string;
}

/** The SCM hosts of sites (Kudu): where code is published. */
export class ScmSites {
  /** By the site's id. */
  private readonly latest = new Map<string, Deployment>();

  constructor(private readonly props: ScmSitesProps) {}

  /** @param host `<app>.scm.azurewebsites.net` */
  async answer(host: string, request: Request): Promise<Response> {
    const { arm, signedIn } = this.props;
    const site = arm.all("Microsoft.Web/sites").find(({ name }) => sameId(`${name}${SCM_SUFFIX}`, host));
    if (!site) return new Response("404 Web Site not found.", { status: 404 });
    if (!this.isReachable(site)) {
      return new Response(
        "Error 403 - Forbidden: The web app you have attempted to reach has blocked your access. (Ip Forbidden)",
        { status: 403 },
      );
    }
    // Basic authentication never is ours: nobody has a password.
    const [, token] = /^Bearer (.+)$/i.exec(request.headers.get("authorization") ?? "") ?? [];
    if (token === undefined || !signedIn(token)) {
      return new Response(null, { status: 401, headers: { "www-authenticate": 'Basic realm="site"' } });
    }
    const { pathname, searchParams } = new URL(request.url);
    if (request.method === "POST" && pathname === "/api/zipdeploy") {
      const content = Buffer.from(await request.arrayBuffer());
      this.latest.set(site.id, this.deploy(site, content, searchParams.get("message") ?? ""));
      return new Response(null, { status: 202, headers: { location: `https://${host}/api/deployments/latest` } });
    }
    const deployment = this.latest.get(site.id);
    if (request.method !== "GET" || !/^\/api\/deployments\/latest\/?$/.test(pathname) || !deployment) {
      return new Response(null, { status: 404 });
    }
    return Response.json({ id: "latest", complete: true, active: deployment.status === SUCCEEDED, ...deployment });
  }

  /** Without public access a site is reached through its endpoint only, and only by whoever gets its name from a zone. */
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
    try {
      unzipSync(content);
    } catch {
      return { status: FAILED, status_text: "Package deployment failed: the package is no zip archive.", message };
    }
    const name = `${site.name}.zip`;
    const hash = createHash("sha256").update(name).update("\0").update(content).digest("hex");
    const folder = join(this.props.folder, hash);
    mkdirSync(folder, { recursive: true });
    const path = join(folder, name);
    writeFileSync(path, content);
    const { azure } = this.props.arm;
    azure.packages.put({ siteId: site.id, path, hash });
    azure.settle();
    return { status: SUCCEEDED, status_text: "", message };
  }
}
