import { ManagedIdentityCredential } from "@azure/identity";
import { context, type Context, trace, TraceFlags } from "@opentelemetry/api";
import { TelemetryClient } from "applicationinsights";
import type { Telemetry, TelemetryOptions } from "./telemetry";
import { parseTraceParent } from "./trace";

/** Telemetry to Application Insights with an Entra token. Built into a module of its own, `telemetry.js`. */
export function createTelemetry({ connectionString, clientId }: TelemetryOptions): Telemetry {
  const client = new TelemetryClient(connectionString);
  if (clientId !== undefined) client.config.aadTokenCredential = new ManagedIdentityCredential({ clientId });
  // The host reports requests, log lines and counters already: here only what the code says itself.
  client.config.enableAutoCollectRequests = false;
  client.config.enableAutoCollectDependencies = false;
  client.config.enableAutoCollectPerformance = false;
  client.config.enableAutoCollectExceptions = false;
  client.config.enableAutoCollectConsole = false;
  client.config.enableSendLiveMetrics = false;
  return {
    dependency({ name, type, target, durationMs, success, resultCode, traceParent, properties }) {
      within(traceParent, () => {
        client.trackDependency({
          name,
          dependencyTypeName: type,
          target,
          data: target,
          duration: durationMs,
          success,
          resultCode,
          properties: { ...properties },
        });
      });
    },
    exception(error, traceParent, properties) {
      within(traceParent, () => {
        client.trackException({ exception: error, properties: { ...properties } });
      });
    },
    metric(name, value, properties) {
      client.trackMetric({ name, value, properties: { ...properties } });
    },
  };
}

function within(traceParent: string | undefined, work: () => void): void {
  context.with(contextOf(traceParent), work);
}

function contextOf(traceParent: string | undefined): Context {
  const parent = parseTraceParent(traceParent);
  if (!parent) return context.active();
  return trace.setSpanContext(context.active(), { ...parent, traceFlags: TraceFlags.SAMPLED, isRemote: true });
}
