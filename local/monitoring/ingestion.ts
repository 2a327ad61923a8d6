import { createServer, type Server } from "node:https";
import type { IncomingMessage, ServerResponse } from "node:http";
import { gunzipSync } from "node:zlib";
import type { Azure } from "../azure/azure";
import { mayDo } from "../azure/roles";
import type { TokenAuthority } from "../identity/tokens";
import { close, listen } from "../listen";
import { bodyOf } from "../request-body";
import type { CertificateAuthority } from "../names/certificates";

/** Azure takes 64 MB in one request, as it comes (learn.microsoft.com/azure/azure-monitor/app/data-retention-privacy); unpacked no more either here. */
const MOST_BYTES = 67_108_864;
const RESOURCE = "https://monitor.azure.com";

/** An item of telemetry, as far as a run looks at it. */
export interface TelemetryItem {
  readonly kind: "request" | "dependency" | "trace" | "exception" | "metric" | "other";
  readonly operationId: string;
  /** The app, as Application Insights calls it. */
  readonly role: string;
  readonly name: string;
  /** Message ids that it names. */
  readonly messageIds: readonly string[];
}

const KINDS: Readonly<Record<string, TelemetryItem["kind"]>> = {
  RequestData: "request",
  RemoteDependencyData: "dependency",
  MessageData: "trace",
  ExceptionData: "exception",
  MetricData: "metric",
};

interface Envelope {
  readonly iKey?: string;
  readonly tags?: Readonly<Record<string, string>>;
  readonly data?: {
    readonly baseType?: string;
    readonly baseData?: {
      readonly name?: string;
      readonly message?: string;
      readonly properties?: Readonly<Record<string, string>>;
    };
  };
}

/** Application Insights' ingestion, for every component of the small Azure: who may not publish is refused, as with local authentication off. */
export class Ingestion {
  readonly items: TelemetryItem[] = [];
  refused = 0;

  private constructor(
    private readonly azure: Azure,
    private readonly authority: TokenAuthority,
  ) {}

  private server?: Server;
  port = 0;

  static async start(azure: Azure, authority: TokenAuthority, certificates: CertificateAuthority): Promise<Ingestion> {
    const ingestion = new Ingestion(azure, authority);
    const { key, certificate } = await certificates.identityFor(["*.in.applicationinsights.azure.com"]);
    const server = createServer({ key, cert: certificate, keepAliveTimeout: 120_000 }, (request, response) => {
      ingestion.answer(request, response).catch(() => {
        response.writeHead(400).end();
      });
    });
    ingestion.server = server;
    ingestion.port = await listen(server);
    return ingestion;
  }

  async stop(): Promise<void> {
    if (this.server) await close(this.server);
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const raw = await bodyOf(request, MOST_BYTES);
    if (!raw) {
      response.writeHead(413).end();
      return;
    }
    const token = /^Bearer (.+)$/i.exec(request.headers.authorization ?? "")?.[1] ?? "";
    const principal = this.authority.principalOf(token, RESOURCE);
    // A body is unpacked only after its sender is known.
    if (!principal) {
      this.refused += 1;
      response.writeHead(401).end();
      return;
    }
    const gzipped = request.headers["content-encoding"] === "gzip";
    const envelopes = parse((gzipped ? gunzipSync(raw, { maxOutputLength: MOST_BYTES }) : raw).toString("utf8"));
    const allowed = envelopes.every(({ iKey }) => {
      const component = this.azure.insights.all().find(({ instrumentationKey }) => instrumentationKey === iKey);
      return component && mayDo(this.azure, principal.principalId, "publish-metrics", component.id);
    });
    if (!allowed) {
      this.refused += envelopes.length;
      response.writeHead(403).end();
      return;
    }
    for (const envelope of envelopes) this.items.push(itemOf(envelope));
    response.writeHead(200, { "content-type": "application/json" });
    response.end(JSON.stringify({ itemsReceived: envelopes.length, itemsAccepted: envelopes.length, errors: [] }));
  }
}

/** One JSON list, or one object a line. */
function parse(text: string): Envelope[] {
  const trimmed = text.trim();
  if (trimmed === "") return [];
  if (trimmed.startsWith("[")) return JSON.parse(trimmed) as Envelope[];
  return trimmed.split("\n").map((line) => JSON.parse(line) as Envelope);
}

function itemOf({ tags = {}, data = {} }: Envelope): TelemetryItem {
  const { name = "", message = "", properties = {} } = data.baseData ?? {};
  const fields = message.startsWith("{") ? fieldsOf(message) : {};
  const ids = [
    properties.messageId,
    fields.messageId,
    ...(Array.isArray(fields.messageIds) ? (fields.messageIds as unknown[]) : []),
  ];
  return {
    kind: KINDS[data.baseType ?? ""] ?? "other",
    operationId: tags["ai.operation.id"] ?? "",
    role: tags["ai.cloud.role"] ?? "",
    name: name === "" ? message.slice(0, 80) : name,
    messageIds: ids.filter((id) => typeof id === "string"),
  };
}

function fieldsOf(line: string): Record<string, unknown> {
  try {
    return JSON.parse(line) as Record<string, unknown>;
  } catch {
    return {};
  }
}
