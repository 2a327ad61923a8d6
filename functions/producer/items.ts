import { randomUUID } from "node:crypto";
import { LONGEST_ID } from "../shared/broker-id";
import { NotAnObject, TooMany } from "../shared/json-errors";
import { isWellFormed, objectOf, objectsOf, type ObjectText, refuseTwiceWithin } from "../shared/json-text";
import { contentTypeOf, textOf } from "./content-type";
import { LARGEST_ITEM_BYTES } from "./deadline";
import type { ProducerEntity } from "./entities";
import type { RequestLimits } from "./limits";
import { MEMBER, type MessageProperties, propertiesInHeaders, propertiesOf } from "./properties";
import { Refusal } from "./refusal";

/** What of an item the producer reads: two of one of these would leave open which is meant. */
const READ_KEYS = ["id", "sessionId", MEMBER];

/** One message to send: the item's own text, and what Service Bus has to know of it. */
export interface Item extends MessageProperties {
  readonly messageId: string;
  readonly sessionId: string | undefined;
  /** UTF-8, as it came in. */
  readonly body: Buffer;
}

export interface Submission {
  readonly bytes: Uint8Array;
  readonly headers: { get(name: string): string | null };
}

/**
 * The items of a request: a JSON object is one message; a JSON array, or one object a line under `application/x-ndjson`, is a batch.
 *
 * The message id is the item's own `id`; else the Idempotency-Key, in a batch with the item's index; else a new one. The text of an item is what is
 * sent: it is read, and not written again.
 *
 * @param limits checked before anything is parsed, because what parsing takes grows with the number of values in a body
 * @throws Refusal that says which item is wrong and why; nothing was sent then
 */
export function itemsOf({ bytes, headers }: Submission, entity: ProducerEntity, limits: RequestLimits): Item[] {
  const { charset, ndjson } = contentTypeOf(headers.get("content-type"));
  if (bytes.length > limits.bytes) {
    throw new Refusal(
      413,
      "RequestTooLarge",
      `The request has ${bytes.length} bytes; one request may have ${limits.bytes}. Send it as several.`,
    );
  }
  const text = textOf(bytes, charset);
  const { batch, objects } = ndjson
    ? { batch: true, objects: lines(text, limits.items) }
    : refusing(() => objectsOf(text, READ_KEYS, limits.items));
  if (objects.length === 0) throw new Refusal(400, "EmptyBatch", "The batch holds no message.");
  const key = headers.get("idempotency-key");
  const given: Given = {
    batch,
    key: key === null ? undefined : identifier(key, () => "The Idempotency-Key"),
    properties: propertiesInHeaders(headers),
  };
  if (
    batch &&
    (given.properties.subject !== undefined || Object.keys(given.properties.applicationProperties).length > 0)
  ) {
    throw new Refusal(
      400,
      "BadProperties",
      `Headers set properties of a single message; in a batch each item has its own ${MEMBER}.`,
    );
  }
  const items = objects.map((object, index) => itemOf(object, index, given, entity));
  refuseEqualIds(items);
  return items;
}

/** What the request says for its items. */
interface Given {
  readonly batch: boolean;
  readonly key: string | undefined;
  readonly properties: MessageProperties;
}

function itemOf(
  { value, text }: ObjectText,
  index: number,
  { batch, key, properties }: Given,
  entity: ProducerEntity,
): Item {
  const which = () => (batch ? `Item ${index}` : "The message");
  const body = Buffer.from(text);
  refuseLarge(body.length, which, entity);
  const sessionId = value.sessionId == null ? undefined : identifier(value.sessionId, () => `${which()}: sessionId`);
  if (entity.requiresSession && sessionId === undefined) {
    throw new Refusal(400, "SessionIdMissing", `${which()} has no sessionId, and ${entity.name} requires sessions.`);
  }
  const messageId =
    value.id == null ? derivedId(key, batch ? index : undefined, which) : identifier(value.id, () => `${which()}: id`);
  if (value[MEMBER] !== undefined) refuseTwiceInProperties(text, which);
  const { subject, applicationProperties } = propertiesOf(value, properties, which);
  return { messageId, sessionId, subject, applicationProperties, body };
}

/** JSON.parse takes the last of two; which one was meant is unknown. */
function refuseTwiceInProperties(text: string, which: () => string): void {
  try {
    refuseTwiceWithin(text, [[MEMBER], [MEMBER, "applicationProperties"]]);
  } catch (error) {
    throw error instanceof NotAnObject ? new Refusal(400, error.code, `${which()} ${error.message}.`) : error;
  }
}

function derivedId(key: string | undefined, index: number | undefined, which: () => string): string {
  if (key === undefined) return randomUUID();
  if (index === undefined) return key;
  return identifier(`${key}-${index}`, () => `${which()}: the id made of the Idempotency-Key`);
}

function refuseLarge(bytes: number, which: () => string, { name, maxMessageBytes }: ProducerEntity): void {
  const most = Math.min(maxMessageBytes, LARGEST_ITEM_BYTES);
  if (bytes <= most) return;
  const whose = most === maxMessageBytes ? `${name} takes` : "the producer sends in time";
  throw new Refusal(413, "MessageTooLarge", `${which()} has ${bytes} bytes; ${whose} ${most} for one message.`);
}

function identifier(value: unknown, what: () => string): string {
  if (typeof value !== "string" || value === "" || value.length > LONGEST_ID || !isWellFormed(value)) {
    throw new Refusal(400, "BadId", `${what()} is not a well-formed string of 1 to ${LONGEST_ID} characters.`);
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

function lines(text: string, most: number): ObjectText[] {
  refuseManyLines(text, most);
  return text.split("\n").flatMap((ended, index) => {
    const line = ended.endsWith("\r") ? ended.slice(0, -1) : ended;
    return line.trim() === "" ? [] : [refusing(() => objectOf(line, READ_KEYS), index)];
  });
}

/** Blank lines are no messages, but they are read: of them, too, there are no more than ten for each message. */
function refuseManyLines(text: string, most: number): void {
  const written = /\S/g;
  let found = 0;
  let blank = 0;
  // Where the next line that is written begins; many blank ones are passed over once.
  let first = -1;
  for (let start = 0, end = 0; end >= 0; start = end + 1) {
    end = text.indexOf("\n", start);
    if (first < start) {
      written.lastIndex = start;
      first = written.exec(text)?.index ?? text.length;
    }
    if (first < (end < 0 ? text.length : end)) found += 1;
    else blank += 1;
    if (found > most || blank > 10 * most) throw tooMany(most);
  }
}

function tooMany(most: number): Refusal {
  return new Refusal(
    413,
    "TooManyItems",
    `The batch has more than ${most} messages, which is what one request may have. Send it as several.`,
  );
}

/** @param line which one is read, counted from 0; none: the whole body */
function refusing<Result>(read: () => Result, line?: number): Result {
  try {
    return read();
  } catch (error) {
    if (error instanceof TooMany) throw tooMany(error.most);
    if (!(error instanceof NotAnObject)) throw error;
    const { code, message } = error;
    const what = line === undefined ? "The message" : `Line ${line + 1}`;
    if (code === "NotJson") {
      throw new Refusal(
        400,
        code,
        `The request is not JSON: ${line === undefined ? "the body" : what.toLowerCase()} ${message}.`,
      );
    }
    throw new Refusal(400, code, `${/^Item /.test(message) ? "" : `${what} `}${message}.`);
  }
}
