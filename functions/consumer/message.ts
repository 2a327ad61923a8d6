import { NotAnObject } from "../shared/json-errors";
import { decoded, type JsonObject, objectOf } from "../shared/json-text";

/** What a producer put in: one JSON object. */
export interface Message {
  readonly value: JsonObject;
  /** Exactly as it was posted: read numbers from here that JavaScript cannot hold. */
  readonly text: string;
}

/** A message that no delivery will make right. */
export class MalformedMessage extends Error {
  override name = "MalformedMessage";
}

/**
 * The trigger hands over bytes: of a text the Functions host would copy the members of a JSON object over what it says of the message.
 *
 * @throws MalformedMessage
 */
export function messageOf(input: unknown): Message {
  try {
    return objectOf(decoded(bytesOf(input)));
  } catch (error) {
    if (error instanceof NotAnObject) throw new MalformedMessage(`the body ${error.message}`);
    throw error;
  }
}

/** @throws MalformedMessage where the trigger was not asked for bytes */
export function bytesOf(input: unknown): Buffer {
  if (input instanceof Uint8Array) return Buffer.from(input.buffer, input.byteOffset, input.byteLength);
  throw new MalformedMessage(`the trigger handed over a ${typeof input}, not bytes`);
}
