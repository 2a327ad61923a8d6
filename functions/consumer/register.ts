import { app } from "@azure/functions";
import { busOf } from "../shared/bus";
import { healthOf } from "../shared/health";
import { CONNECTION, type Settings } from "../shared/settings";
import { telemetryFor } from "../shared/telemetry";
import { consumerHandler } from "./handler";
import type { process } from "./process";
import { consumerSources, functionName, REFUSED_QUEUE } from "./sources";

/** Registers a trigger for each source that the settings list, with this business logic behind all of them. */
export function registerConsumer(settings: Settings, businessLogic: typeof process): void {
  const sources = consumerSources(settings);
  const telemetry = telemetryFor(settings);
  const sending = {
    bus: busOf(settings),
    ...(settings[REFUSED_QUEUE] ? { refusedQueue: settings[REFUSED_QUEUE] } : {}),
  };
  for (const source of sources) {
    const trigger = {
      connection: CONNECTION,
      isSessionsEnabled: source.requiresSession,
      // The library's types do not know it. Of a text the host would copy a JSON object's members over the message's own metadata.
      dataType: "binary",
      handler: consumerHandler({ process: businessLogic, telemetry, source, sending }),
    };
    if ("queue" in source) {
      app.serviceBusQueue(functionName(source), { ...trigger, queueName: source.queue });
    } else {
      app.serviceBusTopic(functionName(source), {
        ...trigger,
        topicName: source.topic,
        subscriptionName: source.subscription,
      });
    }
  }
  app.http("health", {
    methods: ["GET"],
    route: "health",
    authLevel: "anonymous",
    handler: healthOf("consumer", sending.bus.host),
  });
}
