import { randomUUID } from "node:crypto";
import { isObject } from "../shared/settings";
import type { ProducerEntity } from "./entities";
import { Refusal } from "./refusal";

/** Service Bus' limit for message and session ids, in characters. */
const LONGEST_ID = 128;

/** JSON that is parsed and written again grows at most that much: `1e20` becomes 21 digits. */
const LONGEST_EXPANSION = 6;

/** One message to send: the item as JSON, and what Service Bus has to know of it. */
export interface Item {
  readonly messageId: string;
  readonly sessionId?: string;
  readonly body: Readonly<Record<string, unknown>>;
}

export interface Submission {
  readonly text: string;
  readonly contentType: string | null;
  readonly idempotencyKey: string | null;
}

/**
 * The items of a request: a JSON object is one message; a JSON array, or one object a line under `application/x-ndjson`, is a batch.
 *
 * The message id is the item's own `id`; else the Idempotency-Key, in a batch with the item's index; else a new one.
 *
 * @throws Refusal that says which item is wrong and why; nothing was sent then
 */
export function itemsOf({ text, contentType, idempotencyKey }: Submission, entity: ProducerEntity): Item[] {
  const ndjson = /\b(x-)?(ndjson|jsonl)\b/i.test(contentType ?? "");
  const parsed = ndjson ? parseLines(text) : parseJson(text, "the body");
  const batch = Array.isArray(parsed);
  const values = batch ? (parsed as unknown[]) : [parsed];
  if (values.length === 0) throw new Refusal(400, "EmptyBatch", "The batch holds no message.");
  const key = idempotencyKey === null ? undefined : identifier(idempotencyKey, "The Idempotency-Key");
  // Measuring an item means writing it once more: only where the whole request is large enough for one that is too large.
  const mayBeTooLarge = Buffer.byteLength(text) * LONGEST_EXPANSION > entity.maxMessageBytes;
  const items = values.map((value, index) => itemOf(value, index, batch, key, entity, mayBeTooLarge));
  refuseEqualIds(items);
  return items;
}

function itemOf(
  value: unknown,
  index: number,
  batch: boolean,
  key: string | undefined,
  entity: ProducerEntity,
  mayBeTooLarge: boolean,
): Item {
  const which = batch ? `Item ${index}` : "The message";
  if (!isObject(value)) throw new Refusal(400, "NotAnObject", `${which} is not a JSON object.`);
  const bytes = mayBeTooLarge ? Buffer.byteLength(JSON.stringify(value)) : 0;
  if (bytes > entity.maxMessageBytes) {
    throw new Refusal(
      413,
      "MessageTooLarge",
      `${which} has ${bytes} bytes; ${entity.name} takes ${entity.maxMessageBytes} for one message.`,
    );
  }
  const sessionId = value.sessionId === undefined ? undefined : identifier(value.sessionId, `${which}: sessionId`);
  if (entity.requiresSession && sessionId === undefined) {
    throw new Refusal(400, "SessionIdMissing", `${which} has no sessionId, and ${entity.name} requires sessions.`);
  }
  const derived = key === undefined ? randomUUID() : batch ? `${key}-${index}` : key;
  const messageId = identifier(
    value.id ?? derived,
    value.id == null ? `${which}: the id made of the Idempotency-Key` : `${which}: id`,
  );
  return { messageId, ...(sessionId === undefined ? {} : { sessionId }), body: value };
}

function identifier(value: unknown, what: string): string {
  if (typeof value !== "string" || value === "" || value.length > LONGEST_ID) {
    throw new Refusal(400, "BadId", `${what} is not a string of 1 to ${LONGEST_ID} characters.`);
  }
  return value;
}

/** Duplicate detection would drop the second of two equal ids, and the caller would think it sent. */
function refuseEqualIds(items: readonly Item[]): void {
  const first = new Map<string, number>();
  items.forEach(({ messageId }, index) => {
    const before = first.get(messageId);
    if (before !== undefined) {
      throw new Refusal(400, "EqualIds", `Items ${before} and ${index} have the same id "${messageId}".`);
    }
    first.set(messageId, index);
  });
}

function parseLines(text: string): unknown[] {
  return text
    .split(/\r?\n/)
    .map((line, index) => ({ line, what: `line ${index + 1}` }))
    .filter(({ line }) => line.trim() !== "")
    .map(({ line, what }) => parseJson(line, what));
}

function parseJson(text: string, what: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw new Refusal(400, "NotJson", `The request is not JSON: ${what} does not parse.`);
  }
}
