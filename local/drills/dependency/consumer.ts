import { existsSync } from "node:fs";
import { registerConsumer } from "../../../functions/consumer/register";
import { Later } from "../../../functions/consumer/verdicts";
import { OUTAGE } from "./outage";

/** The consumer with a process() that needs a dependency, which is down while a file is there. */
registerConsumer(process.env, async () => {
  if (existsSync(process.env[OUTAGE] ?? "")) throw new Later("the dependency is down");
  await Promise.resolve();
});
