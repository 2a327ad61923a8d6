import { all, placeOf } from "../../synthesized/resources";
import type { ProofRule } from "../proof-rule";

export const entitiesOnThePrimaryOnly: ProofRule = {
  name: "entities-on-the-primary-only",
  why: "A secondary that is not empty cannot be paired; entities come to it by replication.",
  check: (stacks) =>
    stacks.flatMap((stack) => {
      const entities = all([stack], "azurerm_servicebus_queue", "azurerm_servicebus_topic");
      const pairing = all([stack], "azurerm_servicebus_namespace_disaster_recovery_config")[0];
      const primary = pairing?.block.primary_namespace_id ?? entities[0]?.block.namespace_id;
      return entities
        .filter(({ block }) => block.namespace_id !== primary)
        .map((entity) => `${placeOf(entity)} is not on the primary ${String(primary)}`);
    }),
};
