import { request as httpRequest } from "node:http";
import { createServer, type Server } from "node:https";
import { SITE_SUFFIX } from "../../azure-facts/private-link";
import { close, listen } from "../listen";
import type { CertificateAuthority } from "../names/certificates";

/** The sites' private endpoints, by TLS on one loopback port: which site is meant, the request's host says. */
export class SiteEdge {
  private constructor(
    private readonly server: Server,
    readonly port: number,
  ) {}

  /** @param urlOf where a site's front end is, by the site's name; nothing where no such site runs */
  static async start(
    certificates: CertificateAuthority,
    urlOf: (site: string) => string | undefined,
  ): Promise<SiteEdge> {
    const { key, certificate } = await certificates.identityFor([`*.${SITE_SUFFIX}`]);
    const server = createServer({ key, cert: certificate }, (request, response) => {
      const [site = ""] = (request.headers.host ?? "").split(".");
      const url = urlOf(site);
      if (url === undefined) {
        response.writeHead(404).end("404 Web Site not found.");
        return;
      }
      const passed = httpRequest(
        new URL(request.url ?? "/", url),
        { method: request.method, headers: request.headers },
        (from) => {
          response.writeHead(from.statusCode ?? 502, from.headers);
          from.pipe(response);
        },
      );
      passed.once("error", () => response.writeHead(502).end("Bad Gateway"));
      request.pipe(passed);
    });
    return new SiteEdge(server, await listen(server));
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await close(this.server);
  }
}
