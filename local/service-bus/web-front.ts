import { createServer, type Server } from "node:https";
import type { Duplex } from "node:stream";
import type { IncomingMessage, ServerResponse } from "node:http";
import { createWebSocketStream, WebSocketServer } from "ws";
import { close, listen } from "../listen";
import type { ServerIdentity } from "../names/certificates";
import { bodyOf } from "../request-body";
import { targetOf } from "../request-target";
import type { AdministrationAnswer, AdministrationRequest } from "./administration/administration";
import { errorXml } from "./administration/atom";
import { LARGEST_FRAME } from "./amqp/rhea-bounds";

/** Where AMQP over WebSocket is, and what it is called (learn.microsoft.com/azure/service-bus-messaging/service-bus-amqp-protocol-guide). */
const WEB_SOCKET = /^\/\$servicebus\/websocket\/?$/i;
/** A description of an entity is small. */
const MOST_OF_A_REQUEST = 1_048_576;
const SUBPROTOCOLS: readonly string[] = ["AMQPWSB10", "amqp"];

export interface WebFrontProps {
  readonly identity: ServerIdentity;
  /** A connection by WebSocket. */
  readonly accept: (stream: Duplex) => void;
  /** Whether a client may call the namespace by this name now. */
  readonly answersTo: (host: string) => boolean;
  /** Whether a bearer token lets its holder manage the namespace; nothing: it is no token that is good here. */
  readonly mayManage: (token: string) => boolean | undefined;
  readonly administer: (request: AdministrationRequest) => AdministrationAnswer;
  /** Called with an error of the broker's own. */
  readonly failed: (error: Error) => void;
}

/** A namespace's port 443: AMQP over WebSocket, and the management API. */
export class WebFront {
  private server?: Server;
  private readonly sockets = new WebSocketServer({
    noServer: true,
    maxPayload: 2 * LARGEST_FRAME,
    handleProtocols: (offered) => SUBPROTOCOLS.find((name) => offered.has(name)) ?? false,
  });

  constructor(private readonly props: WebFrontProps) {}

  /** @returns the port */
  async start(port = 0): Promise<number> {
    const { key, certificate } = this.props.identity;
    const server = createServer({ key, cert: certificate, minVersion: "TLSv1.2" }, (request, response) => {
      this.respond(request, response).catch((error: unknown) => {
        // The client has gone in the middle of its request.
        if (request.destroyed && !request.complete) return;
        this.props.failed(error instanceof Error ? error : new Error(String(error)));
        response.destroy();
      });
    });
    server.on("upgrade", (request, socket: Duplex, head) => {
      if (!WEB_SOCKET.test(targetOf(request)?.pathname ?? "") || !this.isCalledByName(request)) {
        socket.destroy();
        return;
      }
      this.sockets.handleUpgrade(request, socket, head, (webSocket) => {
        const stream = createWebSocketStream(webSocket);
        // An end without a word is the network's, and no fault of the broker.
        stream.on("error", () => undefined);
        this.props.accept(stream);
      });
    });
    this.server = server;
    return await listen(server, port);
  }

  async stop(): Promise<void> {
    const { server } = this;
    this.server = undefined;
    for (const socket of this.sockets.clients) socket.terminate();
    if (server) await close(server);
  }

  private async respond(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await bodyOf(request, MOST_OF_A_REQUEST);
    const { status, body: answer } = this.isCalledByName(request)
      ? body
        ? this.answer(request, body.toString("utf8"))
        : refusal(413)
      : refusal(404);
    response.writeHead(status, { "content-type": "application/atom+xml;type=entry;charset=utf-8" });
    response.end(answer);
  }

  private answer(request: IncomingMessage, body: string): AdministrationAnswer {
    const target = targetOf(request);
    // The client for Go writes the token alone.
    const [, token] = /^(?:Bearer )?([\w-]+\.[\w-]+\.[\w-]+)$/i.exec(request.headers.authorization ?? "") ?? [];
    const allowed = token === undefined ? undefined : this.props.mayManage(token);
    if (!target || allowed !== true) return refusal(target === undefined ? 400 : allowed === false ? 403 : 401);
    return this.props.administer({
      method: request.method ?? "GET",
      path: decodeURIComponent(target.pathname.slice(1)),
      query: target.searchParams,
      isUpdate: request.headers["if-match"] !== undefined,
      body,
      origin: `https://${request.headers.host ?? ""}`,
    });
  }

  /** On this machine it is called localhost. */
  private isCalledByName({ headers }: IncomingMessage): boolean {
    const host = (headers.host ?? "").replace(/:\d+$/, "").toLowerCase();
    return host === "localhost" || host === "127.0.0.1" || this.props.answersTo(host);
  }
}

const REFUSALS: Readonly<Record<number, string>> = {
  400: "The request's target is malformed.",
  401: "Unauthorized: an Entra token for Service Bus is required. Local authentication is disabled for the namespace.",
  404: "There is no namespace of that name here.",
  413: "The request is too large.",
  403: "Forbidden: 'Manage' is required, which the role Azure Service Bus Data Owner gives.",
};

function refusal(status: number): AdministrationAnswer {
  return { status, body: errorXml(status, REFUSALS[status] ?? "") };
}
