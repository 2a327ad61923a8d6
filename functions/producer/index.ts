import { app } from "@azure/functions";
import { busOf } from "../shared/bus";
import { healthOf } from "../shared/health";
import { telemetryFor } from "../shared/telemetry";
import { producerEntities } from "./entities";
import { producerHandler } from "./handler";
import { requestLimits } from "./limits";

const settings = process.env;
const bus = busOf(settings);

app.http("messages", {
  methods: ["POST"],
  route: "messages/{entity}",
  // No function keys: they are secrets. Who may call is decided by the network and by Entra (auth_settings_v2).
  authLevel: "anonymous",
  handler: producerHandler({
    entities: producerEntities(settings),
    limits: requestLimits(settings),
    bus,
    telemetry: telemetryFor(settings),
  }),
});

app.http("health", {
  methods: ["GET"],
  route: "health",
  authLevel: "anonymous",
  handler: healthOf("producer", bus.host),
});
