import type { InvocationContext } from "@azure/functions";
import { log } from "../shared/log";
import { isObject } from "../shared/settings";
import type { Telemetry } from "../shared/telemetry";
import { deliveryOf } from "./delivery";
import type { process } from "./process";

export interface ConsumerDependencies {
  readonly process: typeof process;
  readonly telemetry: Telemetry;
  /** The source's name in logs. */
  readonly entity: string;
}

/** A message that no delivery will make right. */
export class MalformedMessage extends Error {
  override name = "MalformedMessage";
}

/**
 * Handles one message. The trigger of a Node function cannot dead-letter by itself: an error makes Service Bus deliver again until the
 * entity's maximum, and then dead-letter with MaxDeliveryCountExceeded. The true reason is in the log and in telemetry, under the message
 * id, at every delivery.
 */
export function consumerHandler({ process, telemetry, entity }: ConsumerDependencies) {
  return async (body: unknown, context: InvocationContext): Promise<void> => {
    const delivery = deliveryOf(context, entity);
    const { messageId, correlationId, deliveryCount, traceParent, enqueuedAt } = delivery;
    const started = performance.now();
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
    try {
      if (!isObject(body)) throw new MalformedMessage("the body is not a JSON object");
      await process(body, delivery, context);
    } catch (thrown) {
      const error = thrown instanceof Error ? thrown : new Error(String(thrown));
      log(context, "error", "failed", {
        messageId,
        correlationId,
        entity,
        deliveryCount,
        reason: `${error.name}: ${error.message}`,
      });
      telemetry.exception(error, traceParent, {
        messageId,
        correlationId,
        entity,
        deliveryCount: String(deliveryCount),
      });
      report(error.name);
      throw error;
    }
    report("Processed");
    // Service Bus has no metric for the age of the oldest message: the lag is what consumers measure.
    if (enqueuedAt) telemetry.metric("EnqueuedToProcessedMs", Date.now() - enqueuedAt.getTime(), { entity });
  };
}
