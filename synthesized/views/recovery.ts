import type { SynthesizedStack } from "../cdktf-out";
import { all } from "../resources";
import { idIn, partOf } from "./attributes";

/** What the address of a resource that a recovery declares ends with (constructs/messaging/state-addresses.ts). */
const RECOVERED = /-recovered$/;

/** The namespaces that a recovery after a failover declares entities on, in small letters: the alias names them. */
export function recoveredPrimariesIn(stacks: readonly SynthesizedStack[]): ReadonlySet<string> {
  return new Set(
    all(stacks, "azurerm_servicebus_queue", "azurerm_servicebus_topic")
      .filter(({ id }) => RECOVERED.test(id))
      .map((entity) => idIn(partOf(entity), "namespace_id").toLowerCase()),
  );
}

/** The names, in small letters, of namespaces that a recovery makes in another's place: they have no entities before the pairing. */
export function newNamespacesIn(stacks: readonly SynthesizedStack[]): ReadonlySet<string> {
  return new Set(
    all(stacks, "azurerm_servicebus_namespace")
      .filter(({ id }) => RECOVERED.test(id))
      .map(({ block }) => String(block.name).toLowerCase()),
  );
}
