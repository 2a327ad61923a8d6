import type { EventContext } from "rhea";
import { MalformedAmqp } from "./encoding";

/** An emitter of rhea's events. */
interface Emitter {
  on(event: string, listener: (context: EventContext) => void): unknown;
}

export type Listening = (emitter: Emitter, event: string, handler: (context: EventContext) => void) => void;

/**
 * Listens to rhea, which treats all that is thrown while it reads alike: a frame that a client malformed, and a mistake of the broker's own. What a handler
 * throws is the broker's own, unless it says that it was given what is no AMQP.
 */
export function listening(failed: (error: Error) => void): Listening {
  return (emitter, event, handler) => {
    emitter.on(event, (context) => {
      try {
        handler(context);
      } catch (error) {
        if (!(error instanceof MalformedAmqp)) failed(error instanceof Error ? error : new Error(String(error)));
        throw error;
      }
    });
  };
}

/**
 * Tells of errors while rhea writes, which it makes one with those of reading: what is written is the broker's, and so is what goes wrong with it.
 *
 * @param connection open: nothing of the broker's is written before
 */
export function reportingWrites(connection: Emitter, failed: (error: Error) => void): void {
  const internals = connection as unknown as { output: () => void };
  const output = internals.output.bind(connection);
  let writing = false;
  internals.output = () => {
    writing = true;
    try {
      output();
    } finally {
      writing = false;
    }
  };
  connection.on("error", (error: unknown) => {
    if (writing && error instanceof Error) failed(error);
  });
}
