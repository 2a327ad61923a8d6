import { existsSync } from "node:fs";
import { process as businessLogic } from "../../../functions/consumer/process";
import { registerConsumer } from "../../../functions/consumer/register";
import { Later } from "../../../functions/consumer/verdicts";
import { OUTAGE } from "./outage";

/** The consumer with the business logic of process.ts, behind a dependency that is down while a file is there. */
registerConsumer(process.env, async (message, delivery, sink) => {
  if (existsSync(process.env[OUTAGE] ?? "")) throw new Later("the dependency is down");
  await businessLogic(message, delivery, sink);
});
