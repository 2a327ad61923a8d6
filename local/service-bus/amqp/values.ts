import { message, types, type Typed } from "rhea";
import type { ServiceBusFault } from "../errors";

const { Writer } = types as unknown as { Writer: new () => { write(value: Typed): void; toBuffer(): Buffer } };

/** A value as rhea would write it. */
export function encodedValue(value: unknown): Buffer {
  const writer = new Writer();
  writer.write(types.wrap(value));
  return writer.toBuffer();
}

export type Outcome = "accepted" | "rejected" | "released" | "modified";

/** The outcomes that rhea's typings leave out. */
const outcomes = message as unknown as Record<Outcome, (fields: object) => { described(): Typed }>;

/** A receiver's outcome, echoed as itself: clients compare. */
export function outcome(name: Outcome): Typed {
  return outcomes[name]({}).described();
}

export function rejected(fault: ServiceBusFault): Typed {
  return outcomes.rejected({ error: amqpError(fault) }).described();
}

/** An error with its third field, which the client for Python reads whether or not it is there. */
export function amqpError({ condition, description }: ServiceBusFault): {
  condition: string;
  description: string;
  info: object;
} {
  return { condition, description, info: {} };
}
