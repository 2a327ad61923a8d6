import {
  Agent,
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  request as httpRequest,
  type Server,
  type ServerResponse,
} from "node:http";
import type { FunctionApp } from "../azure/azure";
import type { TokenAuthority } from "../identity/tokens";
import { closeWhenAnswered, listen } from "../listen";
import type { Instance } from "./instance";

export interface FrontEndProps {
  readonly app: FunctionApp;
  readonly instances: readonly Instance[];
  readonly authority: TokenAuthority;
  /** @default a free port */
  readonly port?: number;
}

/**
 * App Service's front end for a site: spreads requests over the instances by turns, and asks for an Entra token where the app's
 * authentication says so. TLS would end here; on loopback there is none.
 */
export class FrontEnd {
  private readonly agent = new Agent({ keepAlive: true });
  private readonly server: Server;
  private turn = 0;

  constructor(private readonly props: FrontEndProps) {
    this.server = createServer({ keepAliveTimeout: 60_000 }, (request, response) => {
      this.pass(request, response);
    });
  }

  /** @returns the site's URL */
  async start(): Promise<string> {
    return `http://127.0.0.1:${await listen(this.server, this.props.port)}`;
  }

  /** Takes no more, and passes on the answers that are under way. @param finishMs for how long at most, in milliseconds */
  async stop(finishMs: number): Promise<void> {
    await closeWhenAnswered(this.server, finishMs);
    this.agent.destroy();
  }

  private pass(request: IncomingMessage, response: ServerResponse): void {
    const headers = this.authenticated(request);
    if (!headers) {
      answer(response, 401, "Unauthorized");
      return;
    }
    const instance = this.next();
    if (instance?.port === undefined) {
      answer(response, 503, "The service is unavailable.");
      return;
    }
    const passed = httpRequest(
      {
        host: "127.0.0.1",
        port: instance.port,
        method: request.method,
        path: request.url,
        headers,
        agent: this.agent,
      },
      (from) => {
        response.writeHead(from.statusCode ?? 502, from.headers);
        from.pipe(response);
        from.once("error", () => response.destroy());
      },
    );
    passed.once("error", () => {
      // The instance ended during it: whether it did the work is unknown.
      if (response.headersSent) response.destroy();
      else answer(response, 502, "Bad Gateway");
    });
    request.pipe(passed);
    response.once("close", () => passed.destroy());
  }

  private next(): Instance | undefined {
    const ready = this.props.instances.filter(({ running }) => running);
    this.turn += 1;
    return ready[this.turn % Math.max(1, ready.length)];
  }

  /**
   * The request's headers as the app gets them: with authentication on, they name the caller, and what the caller wrote there is removed
   * (learn.microsoft.com/azure/app-service/configure-authentication-user-identities). @returns nothing where the caller may not call
   */
  private authenticated({ headers }: IncomingMessage): IncomingHttpHeaders | undefined {
    const { authentication } = this.props.app;
    if (!authentication) return headers;
    const token = /^Bearer (.+)$/i.exec(headers.authorization ?? "")?.[1] ?? "";
    const caller = authentication.audiences
      .map((audience) => this.props.authority.principalOf(token, audience))
      .find((principal) => principal !== undefined);
    if (!caller) return undefined;
    const { applications } = authentication;
    if (applications !== undefined && !applications.includes(caller.clientId)) return undefined;
    const others = Object.entries(headers).filter(([name]) => !name.startsWith("x-ms-client-principal"));
    return {
      ...Object.fromEntries(others),
      "x-ms-client-principal-id": caller.principalId,
      "x-ms-client-principal-idp": "aad",
    };
  }
}

function answer(response: ServerResponse, code: number, text: string): void {
  response.writeHead(code, { "content-type": "text/plain", "content-length": Buffer.byteLength(text) });
  response.end(text);
}
