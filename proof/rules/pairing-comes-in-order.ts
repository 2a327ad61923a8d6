import { comesAfter } from "../../synthesized/order";
import { all, placeOf } from "../../synthesized/resources";
import type { ProofRule } from "../proof-rule";

export const pairingComesInOrder: ProofRule = {
  name: "pairing-comes-in-order",
  why: "Pairing fails where the primary has an endpoint and the secondary none, and where the secondary has entities.",
  check: (stacks) =>
    all(stacks, "azurerm_servicebus_namespace_disaster_recovery_config").flatMap((pairing) => {
      const before = comesAfter(pairing);
      const endpoints = all([pairing.stack], "azurerm_private_endpoint");
      const entities = all([pairing.stack], "azurerm_servicebus_queue", "azurerm_servicebus_topic");
      return [
        ...endpoints
          .filter(({ address }) => !before.has(address))
          .map((endpoint) => `${placeOf(pairing)} does not wait for ${endpoint.id}`),
        ...entities
          .filter((entity) => !comesAfter(entity).has(pairing.address))
          .map((entity) => `${placeOf(entity)} does not wait for the pairing`),
      ];
    }),
};
