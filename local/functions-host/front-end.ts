import {
  Agent,
  createServer,
  type IncomingMessage,
  request as httpRequest,
  type Server,
  type ServerResponse,
} from "node:http";
import type { FunctionApp } from "../azure/azure";
import type { TokenAuthority } from "../identity/tokens";
import { close, listen } from "../listen";
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

  async stop(): Promise<void> {
    this.agent.destroy();
    await close(this.server);
  }

  private pass(request: IncomingMessage, response: ServerResponse): void {
    if (!this.allowed(request)) {
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
        headers: request.headers,
        agent: this.agent,
      },
      (from) => {
        response.writeHead(from.statusCode ?? 502, from.headers);
        from.pipe(response);
        from.once("error", () => response.destroy());
      },
    );
    passed.once("error", () => {
      // The instance ended over it: whether it did the work nobody knows.
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

  private allowed({ headers }: IncomingMessage): boolean {
    const { authentication } = this.props.app;
    if (!authentication) return true;
    const token = /^Bearer (.+)$/i.exec(headers.authorization ?? "")?.[1] ?? "";
    const caller = authentication.audiences
      .map((audience) => this.props.authority.principalOf(token, audience))
      .find((principal) => principal !== undefined);
    if (!caller) return false;
    return authentication.applications === undefined || authentication.applications.includes(caller.clientId);
  }
}

function answer(response: ServerResponse, code: number, text: string): void {
  response.writeHead(code, { "content-type": "text/plain", "content-length": Buffer.byteLength(text) });
  response.end(text);
}
