import { randomUUID } from "node:crypto";

const TRACEPARENT = /^[0-9a-f]{2}-([0-9a-f]{32})-([0-9a-f]{16})-[0-9a-f]{2}$/;

/** The place of an invocation in a trace (w3.org/TR/trace-context). */
export interface Span {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentId?: string;
  readonly traceParent: string;
}

/** A span below the caller's, or the first of a new trace. */
export function spanUnder(traceParent: unknown): Span {
  const [, traceId, parentId] = typeof traceParent === "string" ? (TRACEPARENT.exec(traceParent) ?? []) : [];
  const trace = traceId ?? hex(32);
  const spanId = hex(16);
  return {
    traceId: trace,
    spanId,
    ...(parentId === undefined ? {} : { parentId }),
    traceParent: `00-${trace}-${spanId}-01`,
  };
}

/** Node keeps random bytes ready for UUIDs, and for nothing else. */
function hex(digits: 16 | 32): string {
  // From the end: the first half of a UUID holds its version.
  return randomUUID().replaceAll("-", "").slice(-digits);
}
