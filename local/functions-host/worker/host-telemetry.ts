import { request } from "node:https";
import { gzipSync } from "node:zlib";
import { ManagedIdentityCredential } from "@azure/identity";
import type { LogLevel } from "./core";
import type { Span } from "./trace";

const SCOPE = "https://monitor.azure.com//.default";
const EVERY_MS = 500;
/** More than that is dropped, as a host under pressure does. */
const MOST_WAITING = 20_000;
const SEVERITIES: Readonly<Partial<Record<LogLevel, number>>> = {
  trace: 0,
  debug: 0,
  information: 1,
  warning: 2,
  error: 3,
  critical: 4,
};

/** What the Functions host itself sends to Application Insights: a request for each invocation, a trace for each line of its log. */
export class HostTelemetry {
  private envelopes: object[] = [];
  private readonly timer?: NodeJS.Timeout;
  private readonly endpoint?: string;
  private readonly key: string = "";
  private readonly credential?: ManagedIdentityCredential;

  constructor(private readonly settings: NodeJS.ProcessEnv) {
    const connection = partsOf(settings.APPLICATIONINSIGHTS_CONNECTION_STRING);
    if (connection.IngestionEndpoint === undefined) return;
    const clientId = partsOf(settings.APPLICATIONINSIGHTS_AUTHENTICATION_STRING).ClientId;
    this.endpoint = connection.IngestionEndpoint;
    this.key = connection.InstrumentationKey ?? "";
    if (clientId !== undefined) this.credential = new ManagedIdentityCredential({ clientId });
    this.timer = setInterval(() => {
      void this.flush();
    }, EVERY_MS);
    this.timer.unref();
  }

  request(span: Span, name: string, started: number, success: boolean, code: string, source?: string): void {
    const milliseconds = Date.now() - started;
    this.add("Request", span, started, {
      id: span.spanId,
      name,
      duration: timeSpan(milliseconds),
      success,
      responseCode: code,
      ...(source === undefined ? {} : { source }),
    });
  }

  trace(span: Span, level: LogLevel, message: string): void {
    this.add("Message", span, Date.now(), { message, severityLevel: SEVERITIES[level] ?? 1 });
  }

  async flush(): Promise<void> {
    if (this.envelopes.length === 0 || this.endpoint === undefined) return;
    const envelopes = this.envelopes;
    this.envelopes = [];
    try {
      await this.post(envelopes);
    } catch {
      // Telemetry is lost before an app is held up for it.
    }
  }

  private add(kind: "Request" | "Message", span: Span, time: number, data: object): void {
    if (this.endpoint === undefined || this.envelopes.length >= MOST_WAITING) return;
    const parent = kind === "Request" ? span.parentId : span.spanId;
    this.envelopes.push({
      ver: 1,
      name: `Microsoft.ApplicationInsights.${kind}`,
      time: new Date(time).toISOString(),
      iKey: this.key,
      tags: {
        "ai.operation.id": span.traceId,
        ...(parent === undefined ? {} : { "ai.operation.parentId": parent }),
        "ai.cloud.role": this.settings.WEBSITE_SITE_NAME,
        "ai.cloud.roleInstance": this.settings.WEBSITE_INSTANCE_ID,
      },
      data: { baseType: `${kind}Data`, baseData: { ver: 2, ...data } },
    });
  }

  private async post(envelopes: readonly object[]): Promise<void> {
    const token = await this.credential?.getToken(SCOPE);
    const body = gzipSync(envelopes.map((envelope) => JSON.stringify(envelope)).join("\n"));
    await new Promise<void>((resolve, reject) => {
      const sent = request(
        new URL("v2.1/track", this.endpoint),
        {
          method: "POST",
          headers: {
            "content-type": "application/x-json-stream",
            "content-encoding": "gzip",
            "content-length": body.length,
            ...(token ? { authorization: `Bearer ${token.token}` } : {}),
          },
        },
        (response) => {
          response.resume().once("end", resolve).once("error", reject);
        },
      );
      sent.once("error", reject);
      sent.end(body);
    });
  }
}

/** `Key=value;Key=value` */
function partsOf(text = ""): Partial<Record<string, string>> {
  return Object.fromEntries(
    text.split(";").map((part) => [part.slice(0, part.indexOf("=")), part.slice(part.indexOf("=") + 1)]),
  );
}

/** .NET's `d.hh:mm:ss.fff`. */
function timeSpan(milliseconds: number): string {
  return `00.${new Date(milliseconds).toISOString().slice(11, 23)}`;
}
