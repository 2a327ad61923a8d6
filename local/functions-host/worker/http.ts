import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { HttpData, InvocationResponse } from "./core";
import { HOST_VERSION } from "./core";
import { bodyOf } from "../../request-body";
import { closeWhenAnswered } from "../../listen";
import { targetOf } from "../../request-target";
import type { HostTelemetry } from "./host-telemetry";
import type { Invoker } from "./invoke";
import type { Route } from "./routes";
import { Throttle, type ThrottleProps } from "./throttle";
import { spanUnder } from "./trace";

/** What the Functions host takes as a request's body, by its own setting (learn.microsoft.com/azure/azure-functions/functions-app-settings). */
const MOST_BYTES = Number(process.env.FUNCTIONS_REQUEST_BODY_SIZE_LIMIT ?? 104_857_600);

/** The HTTP side of an instance: routes, and the host's own status. */
export class HttpFront {
  private readonly server: Server;
  private readonly throttle: Throttle;

  constructor(
    private readonly routes: readonly Route[],
    private readonly invoker: Invoker,
    private readonly telemetry: HostTelemetry,
    throttle: ThrottleProps,
  ) {
    this.throttle = new Throttle(throttle);
    this.server = createServer({ keepAliveTimeout: 60_000 }, (request, response) => {
      this.answer(request, response).catch((error: unknown) => {
        if (!response.headersSent) response.writeHead(500);
        response.end();
        process.emitWarning(String(error));
      });
    });
  }

  /** @returns the port */
  async start(): Promise<number> {
    await new Promise<void>((done, failed) => {
      this.server.once("error", failed);
      this.server.listen(0, "127.0.0.1", done);
    });
    return (this.server.address() as AddressInfo).port;
  }

  /** Takes no more, and waits for the answers that are under way. @param finishMs for how long at most, in milliseconds */
  async stop(finishMs: number): Promise<void> {
    await closeWhenAnswered(this.server, finishMs);
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = targetOf(request);
    if (!url) {
      send(response, 400, {}, "");
      return;
    }
    if (url.pathname === "/admin/host/status") {
      send(response, 200, { "content-type": "application/json" }, JSON.stringify(status()));
      return;
    }
    const found = this.routes
      .map((route) => ({ route, parameters: route.match(url.pathname) }))
      .filter(({ parameters }) => parameters !== undefined);
    const match = found.find(({ route }) => route.methods.includes(request.method ?? "GET"));
    // Azure answers 404 for a route's other methods too.
    if (!match) {
      send(response, 404, {}, "");
      return;
    }
    // A function with a key has one in Azure only; here the key is unknown.
    if (!match.route.anonymous) {
      send(response, 401, {}, "");
      return;
    }
    const { route, parameters = {} } = match;
    const taken = await this.throttle.run(() => this.invoke(route, parameters, url, request, response));
    // As the host answers it (HttpBufferingService/HttpThrottleMiddleware of azure-functions-host).
    if (taken === undefined) send(response, 429, {}, "");
  }

  private async invoke(
    { function: registered }: Route,
    parameters: Readonly<Record<string, string>>,
    url: URL,
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<void> {
    const started = Date.now();
    const body = await bodyOf(request, MOST_BYTES);
    if (!body) {
      send(response, 413, {}, "");
      return;
    }
    const span = spanUnder(request.headers.traceparent);
    const input: HttpData = {
      url: url.href,
      method: request.method ?? "GET",
      nullableHeaders: nullable(request.headers),
      nullableParams: nullable(parameters),
      nullableQuery: nullable(Object.fromEntries(url.searchParams)),
      body: { bytes: body },
    };
    const { response: outcome } = await this.invoker.invoke(registered, {
      input: { http: input },
      metadata: {},
      span,
      // The answer waits for nothing of the log.
      isKept: false,
    });
    const answered: HttpData = outcome ? httpOf(outcome) : { statusCode: "500" };
    const code = Number(answered.statusCode ?? 200);
    send(response, code, answered.headers ?? {}, Buffer.from(answered.body?.bytes ?? answered.body?.string ?? ""));
    this.telemetry.request(span, registered.metadata.name, started, code < 400, String(code));
  }
}

function httpOf({ returnValue, outputData }: InvocationResponse): HttpData {
  const [output] = (outputData ?? []) as readonly { data?: { http?: HttpData } }[];
  return returnValue?.http ?? output?.data?.http ?? { statusCode: "204" };
}

function nullable(values: Readonly<Record<string, string | string[] | undefined>>): Record<string, { value: string }> {
  return Object.fromEntries(
    Object.entries(values).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, { value: Array.isArray(value) ? value.join(", ") : value }]],
    ),
  );
}

function send(
  response: ServerResponse,
  code: number,
  headers: Readonly<Record<string, string>>,
  body: string | Buffer,
): void {
  response.writeHead(code, { ...headers, "content-length": Buffer.byteLength(body) });
  response.end(body);
}

/** learn.microsoft.com/azure/azure-functions/functions-monitoring: the shape of the host's own answer. */
function status(): object {
  return {
    id: process.env.WEBSITE_SITE_NAME,
    state: "Running",
    version: HOST_VERSION,
    instanceId: process.env.WEBSITE_INSTANCE_ID,
    computerName: "local",
    processUptime: Math.round(process.uptime() * 1000),
    functionAppContentEditingState: "NotAllowed",
  };
}
