import { app } from "@azure/functions";
import { healthy } from "../shared/health";
import { CONNECTION } from "../shared/settings";
import { telemetryFor } from "../shared/telemetry";
import { consumerHandler } from "./handler";
import { process as businessLogic } from "./process";
import { consumerSources, functionName, sourceName } from "./sources";

const settings = process.env;
const telemetry = telemetryFor(settings);

for (const source of consumerSources(settings)) {
  const trigger = {
    connection: CONNECTION,
    isSessionsEnabled: source.requiresSession,
    handler: consumerHandler({ process: businessLogic, telemetry, entity: sourceName(source) }),
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

app.http("health", { methods: ["GET"], route: "health", authLevel: "anonymous", handler: () => healthy("consumer") });
