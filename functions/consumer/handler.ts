import type { InvocationContext } from "@azure/functions";
import { log } from "../shared/log";
import type { Telemetry } from "../shared/telemetry";
import { defer, refuse, type Sending } from "./deferral";
import { type Delivery, deliveryOf } from "./delivery";
import { bytesOf, MalformedMessage, messageOf } from "./message";
import type { process } from "./process";
import { type ConsumerSource, sourceName } from "./sources";
import { Later, Never } from "./verdicts";

export interface ConsumerDependencies {
  readonly process: typeof process;
  readonly telemetry: Telemetry;
  readonly source: ConsumerSource;
  readonly sending: Sending;
}

/**
 * Handles one message. The trigger of a Node function cannot settle by itself: when this returns, the host completes the message; when it throws, Service Bus
 * delivers it again until the entity's maximum, and dead-letters it then with MaxDeliveryCountExceeded. The true reason is in the log and in telemetry, under
 * the message id, at every delivery.
 */
export function consumerHandler({ process, telemetry, source, sending }: ConsumerDependencies) {
  const entity = sourceName(source);
  return async (input: unknown, context: InvocationContext): Promise<void> => {
    const delivery = deliveryOf(context, entity);
    const { messageId, correlationId, deliveryCount, traceParent, enqueuedAt, inexact } = delivery;
    const started = performance.now();
    const fields = { messageId, correlationId, entity, deliveryCount };
    const report = (resultCode: string) => {
      telemetry.dependency({
        name: `Process ${entity}`,
        type: "InProc",
        target: entity,
        durationMs: performance.now() - started,
        success: resultCode === "Processed",
        resultCode,
        traceParent,
        properties: { messageId, correlationId, deliveryCount: String(deliveryCount) },
      });
    };
    if (inexact.length > 0) {
      const reason = `not certainly as sent: ${inexact.join(", ")}. Another sender than the producer did not repeat them in application properties.`;
      log(context, "warn", "inexact", { ...fields, reason });
    }
    try {
      await process(messageOf(input), delivery, context);
    } catch (thrown) {
      const error = thrown instanceof Error ? thrown : new Error(String(thrown));
      report(error.name);
      if (error instanceof Later) {
        const deferred = await defer(source, bytesOf(input), delivery, context, error, sending);
        const why = "error" in deferred && deferred.error ? `; no copy: ${reasonOf(deferred.error)}` : "";
        const reason = `${error.message}; by ${deferred.by}${why}`;
        log(context, "warn", "deferred", { ...fields, delayMs: deferred.delayMs, reason });
        if (deferred.by === "copy") return;
        throw error;
      }
      let note = "";
      if ((error instanceof Never || error instanceof MalformedMessage) && input instanceof Uint8Array) {
        const refused = await refuse(bytesOf(input), delivery, context, reasonOf(error), sending);
        if (!refused.error) {
          log(context, "error", "refused", { ...fields, reason: reasonOf(error) });
          telemetry.exception(error, traceParent, properties(delivery));
          return;
        }
        note = `; not set aside: ${refused.error.message}`;
      }
      log(context, "error", "failed", { ...fields, reason: `${reasonOf(error)}${note}` });
      telemetry.exception(error, traceParent, properties(delivery));
      throw error;
    }
    const lagMs = enqueuedAt && Date.now() - enqueuedAt.getTime();
    log(context, "log", "processed", { ...fields, ...(lagMs === undefined ? {} : { enqueuedToProcessedMs: lagMs }) });
    report("Processed");
    // Service Bus has no metric for the age of the oldest message: the lag is what consumers measure.
    if (lagMs !== undefined) telemetry.metric("EnqueuedToProcessedMs", lagMs, { entity });
  };
}

function reasonOf(error: Error): string {
  return `${error.name}: ${error.message}`;
}

function properties({ messageId, correlationId, entity, deliveryCount }: Delivery): Record<string, string> {
  return { messageId, correlationId, entity, deliveryCount: String(deliveryCount) };
}
