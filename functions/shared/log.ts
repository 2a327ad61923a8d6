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
  readonly delayMs?: number;
  readonly count?: number;
  readonly reason?: string;
}

/** Application Insights cuts a trace's message there, and half a JSON object cannot be queried (learn.microsoft.com/azure/azure-monitor/app/data-model-complete). */
const LONGEST_LINE = 32_768;
/** What a line holds beside its ids. */
const LONGEST_REASON = 8_000;
const IDS_A_LINE = LONGEST_LINE - 2 * LONGEST_REASON;

/**
 * One JSON object a line, so that Log Analytics can query the fields: `parse_json(message).messageId`. Ids that one line cannot hold are spread over as many as
 * they need, each with its `part` of `parts`.
 */
export function log(sink: LogSink, level: LogLevel, event: string, { messageIds, ...fields }: LogFields): void {
  const said = { event, ...fields, ...(fields.reason === undefined ? {} : { reason: shortened(fields.reason) }) };
  const parts = messageIds === undefined ? [] : inParts(messageIds);
  if (parts.length <= 1) {
    sink[level](JSON.stringify({ ...said, ...(messageIds === undefined ? {} : { messageIds }) }));
    return;
  }
  parts.forEach((ids, index) => {
    sink[level](JSON.stringify({ ...said, part: index + 1, parts: parts.length, messageIds: ids }));
  });
}

function inParts(ids: readonly string[]): string[][] {
  // Written in JSON a character takes six at most.
  if (ids.reduce((sum, id) => sum + 6 * id.length + 3, 0) <= IDS_A_LINE) return [[...ids]];
  const parts: string[][] = [[]];
  let length = 0;
  for (const id of ids) {
    const own = JSON.stringify(id).length + 1;
    if (length + own > IDS_A_LINE) {
      parts.push([]);
      length = 0;
    }
    parts.at(-1)?.push(id);
    length += own;
  }
  return parts;
}

/** By what it takes in JSON: a character may take six. */
function shortened(text: string): string {
  if (text.length * 6 <= LONGEST_REASON || JSON.stringify(text).length <= LONGEST_REASON) return text;
  let kept = text.slice(0, LONGEST_REASON);
  while (JSON.stringify(kept).length > LONGEST_REASON) kept = kept.slice(0, Math.floor(kept.length / 2));
  return `${kept}… (${text.length} characters)`;
}
