/** W3C Trace Context (w3.org/TR/trace-context): version, trace id, parent id, flags. */
const TRACEPARENT = /^[0-9a-f]{2}-([0-9a-f]{32})-([0-9a-f]{16})-[0-9a-f]{2}$/;

export interface TraceParent {
  readonly traceId: string;
  readonly spanId: string;
}

/** The ids in a `traceparent`, or nothing where it is none. */
export function parseTraceParent(value: unknown): TraceParent | undefined {
  if (typeof value !== "string") return undefined;
  const [, traceId, spanId] = TRACEPARENT.exec(value) ?? [];
  if (traceId === undefined || spanId === undefined || /^0+$/.test(traceId) || /^0+$/.test(spanId)) return undefined;
  return { traceId, spanId };
}

/** Service Bus' own name for the trace context of a message, which Azure's SDKs and the Functions host read. */
export const DIAGNOSTIC_ID = "Diagnostic-Id";
