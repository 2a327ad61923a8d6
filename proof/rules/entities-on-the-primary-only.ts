import { ROLES } from "../../azure-facts/built-in-roles";
import { SERVICE_BUS_SUFFIX } from "../../azure-facts/private-link";
import { armId } from "../../synthesized/arm-id";
import type { SynthesizedStack } from "../../synthesized/cdktf-out";
import { all, isSame, placeOf, textOf } from "../../synthesized/resources";
import { appsIn } from "../../synthesized/views/app";
import { idIn, partOf } from "../../synthesized/views/attributes";
import { rolesIn } from "../../synthesized/views/role";
import type { ProofRule } from "../proof-rule";

export const entitiesOnThePrimaryOnly: ProofRule = {
  name: "entities-on-the-primary-only",
  why: "A secondary that is not empty cannot be paired; entities come to it by replication.",
  check: (stacks) =>
    stacks.flatMap((stack) => {
      const entities = all([stack], "azurerm_servicebus_queue", "azurerm_servicebus_topic");
      const [first] = entities;
      if (!first) return [];
      const primary = primaryOf(stacks, stack) ?? idIn(partOf(first), "namespace_id");
      return entities
        .filter((entity) => idIn(partOf(entity), "namespace_id") !== primary)
        .map((entity) => `${placeOf(entity)} is not on the primary ${primary}`);
    }),
};

/**
 * The primary of the pairing; without one, the namespace that the sending apps connect to. After a failover they connect to an alias that no stack declares: then
 * all entities are on one namespace.
 */
function primaryOf(stacks: readonly SynthesizedStack[], stack: SynthesizedStack): string | undefined {
  const [pairing] = all([stack], "azurerm_servicebus_namespace_disaster_recovery_config");
  if (pairing) return idIn(partOf(pairing), "primary_namespace_id");
  const senders = rolesIn(stacks).filter(
    ({ name, scope }) => name === ROLES.serviceBusSender.name && !/\/namespaces\/[^/]+\//.test(scope),
  );
  const hosts = appsIn(stacks)
    .filter(({ identities }) =>
      identities.some((identity) => senders.some((sender) => isSame(sender.identity, identity))),
    )
    .flatMap(({ settings }) => Object.entries(settings))
    .filter(([name]) => name.endsWith("__fullyQualifiedNamespace"))
    .map(([, host]) => host.toLowerCase());
  const named = all(stacks, "azurerm_servicebus_namespace").find(
    (namespace) =>
      stack.dependencies.includes(namespace.stack.name) &&
      hosts.includes(`${textOf(namespace, "name")}.${SERVICE_BUS_SUFFIX}`.toLowerCase()),
  );
  return named && armId(named);
}
