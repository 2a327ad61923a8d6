import { randomBytes } from "node:crypto";
import { createServer, type Server } from "node:http";
import type { Azure, FunctionApp } from "../azure/azure";
import { close, listen } from "../listen";
import { targetOf } from "../request-target";
import type { TokenAuthority } from "./tokens";

/**
 * Replaces App Service's identity endpoint (learn.microsoft.com/azure/app-service/overview-managed-identity#rest-endpoint-reference): tokens
 * for the identities that an app has, and for no others.
 */
export class IdentityEndpoint {
  /** Each app identifies itself by a header of its own. */
  private readonly headers = new Map<string, Pick<FunctionApp, "identityIds">>();

  private constructor(
    private readonly server: Server,
    private readonly url: string,
  ) {}

  static async start(azure: Azure, authority: TokenAuthority): Promise<IdentityEndpoint> {
    const server = createServer({ keepAliveTimeout: 120_000 }, (request, response) => {
      const app = endpoint.headers.get(String(request.headers["x-identity-header"]));
      const query = targetOf(request)?.searchParams ?? new URLSearchParams();
      const [resource, clientId] = [query.get("resource"), query.get("client_id")];
      const identity = app?.identityIds
        .map((id) => azure.identities.get(id))
        .find((candidate) => candidate && (clientId === null || candidate.clientId === clientId));
      if (!identity || resource === null) {
        response.writeHead(400, { "content-type": "application/json" });
        response.end(
          JSON.stringify({
            statusCode: 400,
            message:
              "No User Assigned or Delegated Managed Identity found for specified ClientId/ResourceId/PrincipalId.",
          }),
        );
        return;
      }
      const { token, expiresOn } = authority.issue(identity, resource);
      response.writeHead(200, { "content-type": "application/json" });
      response.end(
        JSON.stringify({
          access_token: token,
          expires_on: String(expiresOn),
          resource,
          token_type: "Bearer",
          client_id: identity.clientId,
        }),
      );
    });
    const endpoint = new IdentityEndpoint(server, `http://127.0.0.1:${await listen(server)}/msi/token`);
    return endpoint;
  }

  /** What the environment of an app, or of another program with identities, says about it. */
  environmentFor(app: Pick<FunctionApp, "identityIds">): { IDENTITY_ENDPOINT: string; IDENTITY_HEADER: string } {
    const header = randomBytes(16).toString("hex");
    this.headers.set(header, app);
    return { IDENTITY_ENDPOINT: this.url, IDENTITY_HEADER: header };
  }

  async stop(): Promise<void> {
    await close(this.server);
  }
}
