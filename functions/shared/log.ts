/** What of an InvocationContext a logger needs. */
export interface LogSink {
  log(...args: unknown[]): void;
  warn(...args: unknown[]): void;
  error(...args: unknown[]): void;
}

export type LogLevel = "log" | "warn" | "error";

/** Everything a line may say. A message's body is not among it: logs are read by more people than messages are. */
export interface LogFields {
  readonly messageId?: string;
  readonly messageIds?: readonly string[];
  readonly correlationId?: string;
  readonly entity?: string;
  readonly deliveryCount?: number;
  readonly enqueuedToProcessedMs?: number;
  readonly count?: number;
  readonly reason?: string;
}

/** One JSON object a line, so that Log Analytics can query the fields: `parse_json(message).messageId`. */
export function log(sink: LogSink, level: LogLevel, event: string, fields: LogFields): void {
  sink[level](JSON.stringify({ event, ...fields }));
}
