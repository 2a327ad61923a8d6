import type { EventContext } from "rhea";

/** Something of rhea's that tells what a client does. */
interface Emitter {
  on(event: string, listener: (context: EventContext) => void): unknown;
}

export type Listening = (emitter: Emitter, event: string, handler: (context: EventContext) => void) => void;

/**
 * Listens to rhea, which makes one of whatever is thrown while it reads: a frame that a client malformed, and a mistake of the broker's own. What a handler
 * throws is the broker's own.
 */
export function listening(failed: (error: Error) => void): Listening {
  return (emitter, event, handler) => {
    emitter.on(event, (context) => {
      try {
        handler(context);
      } catch (error) {
        failed(error instanceof Error ? error : new Error(String(error)));
        throw error;
      }
    });
  };
}
