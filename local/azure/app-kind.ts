import { CONSUMER_SOURCES } from "../../functions/consumer/sources";
import { PRODUCER_ENTITIES } from "../../functions/producer/entities";
import type { FunctionApp } from "./azure";

/** What an app is, as its settings say: a producer lists the entities it sends to, a consumer those it takes from. */
export type AppKind = "producer" | "consumer" | "other";

export function kindOf({ settings }: Pick<FunctionApp, "settings">): AppKind {
  if (settings[PRODUCER_ENTITIES] !== undefined) return "producer";
  return settings[CONSUMER_SOURCES] === undefined ? "other" : "consumer";
}
