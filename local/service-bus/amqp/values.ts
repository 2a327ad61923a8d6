import { message, types, type Typed } from "rhea";
import type { ServiceBusFault } from "../errors";

const { Writer } = types as unknown as { Writer: new () => { write(value: Typed): void; toBuffer(): Buffer } };

/** A value as rhea would write it. */
export function encodedValue(value: unknown): Buffer {
  const writer = new Writer();
  writer.write(types.wrap(value));
  return writer.toBuffer();
}

/** The outcomes that rhea's typings leave out. */
const outcomes = message as unknown as {
  accepted(): { described(): Typed };
  rejected(fields: { error: { condition: string; description: string } }): { described(): Typed };
};

export function accepted(): Typed {
  return outcomes.accepted().described();
}

export function rejected({ condition, description }: ServiceBusFault): Typed {
  return outcomes.rejected({ error: { condition, description } }).described();
}
