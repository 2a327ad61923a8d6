import { all, comesAfter, placeOf } from "../../synthesized/resources";
import type { Rule } from "../rule";

export const pairingComesInOrder: Rule = {
  name: "pairing-comes-in-order",
  why: "Pairing fails where the primary has an endpoint and the secondary none, and where the secondary has entities.",
  check: (stacks) =>
    all(stacks, "azurerm_servicebus_namespace_disaster_recovery_config").flatMap((pairing) => {
      const before = comesAfter(pairing);
      const endpoints = all([pairing.stack], "azurerm_private_endpoint");
      const entities = all([pairing.stack], "azurerm_servicebus_queue", "azurerm_servicebus_topic");
      const self = `${pairing.type}.${pairing.id}`;
      return [
        ...endpoints
          .filter(({ type, id }) => !before.has(`${type}.${id}`))
          .map((endpoint) => `${placeOf(pairing)} does not wait for ${endpoint.id}`),
        ...entities
          .filter((entity) => !comesAfter(entity).has(self))
          .map((entity) => `${placeOf(entity)} does not wait for the pairing`),
      ];
    }),
};
