import type { SynthesizedStack } from "../cdktf-out";
import { all } from "../resources";
import { idIn, partOf } from "./attributes";

/** The namespaces that a recovery after a failover imports entities of, in small letters: the alias names them. */
export function recoveredPrimariesIn(stacks: readonly SynthesizedStack[]): ReadonlySet<string> {
  const imported = new Set(stacks.flatMap(({ name, json }) => (json.import ?? []).map(({ to }) => `${name} ${to}`)));
  return new Set(
    all(stacks, "azurerm_servicebus_queue", "azurerm_servicebus_topic")
      .filter(({ stack, address }) => imported.has(`${stack.name} ${address}`))
      .map((entity) => idIn(partOf(entity), "namespace_id").toLowerCase()),
  );
}

/** The names, in small letters, of namespaces that a recovery makes in another's place: they have no entities before the pairing. */
export function newNamespacesIn(stacks: readonly SynthesizedStack[]): ReadonlySet<string> {
  return new Set(
    all(stacks, "azurerm_servicebus_namespace")
      .filter(({ id }) => id.endsWith("-recovered"))
      .map(({ block }) => String(block.name).toLowerCase()),
  );
}
