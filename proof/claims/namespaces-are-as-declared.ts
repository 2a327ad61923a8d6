import { all, type Located } from "../../synthesized/resources";
import { partOf } from "../../synthesized/views/attributes";
import type { DeclaredClaim, Violation } from "../claim";
import { originOf } from "../network/terraform/origins";

/** Size and place of each namespace. A pair is in two regions: one region's loss takes one of the two. */
export const namespacesAreAsDeclared: DeclaredClaim = {
  name: "namespaces-are-as-declared",
  why: "A namespace has another size or another place than is meant, or cannot have private endpoints at all.",
  needs: "topology",
  check: ({ topology, stacks }) => {
    const namespaces = new Map(
      all(stacks, "azurerm_servicebus_namespace").map((each) => [String(each.block.name).toLowerCase(), each]),
    );
    return topology.stamps.flatMap(({ regions, protection }) =>
      regions.flatMap(({ location, serviceBus }): Violation[] => {
        const namespace = namespaces.get(serviceBus.namespace.toLowerCase());
        if (!namespace) return [];
        return differences(namespace, {
          sku: "Premium",
          capacity: serviceBus.messagingUnits,
          premium_messaging_partitions: serviceBus.partitions,
          location,
          "lifecycle.prevent_destroy": protection.preventDestroy,
        });
      }),
    );
  },
};

function differences(namespace: Located, meant: Readonly<Record<string, unknown>>): Violation[] {
  const { block } = namespace;
  return Object.entries(meant).flatMap(([key, value]) => {
    const got = key
      .split(".")
      .reduce<unknown>((part, step) => (part as Record<string, unknown> | undefined)?.[step], block);
    const isFalse = value === false && got === undefined;
    if (got === value || isFalse) return [];
    // A plan does not hold Terraform's own arguments.
    if (key.startsWith("lifecycle") && block.lifecycle === undefined && block.id !== undefined) return [];
    return [
      {
        what: `${key} of ${String(block.name)} is ${got === undefined ? "missing" : JSON.stringify(got)}, and the topology means ${JSON.stringify(value)}`,
        origin: originOf(partOf(namespace)),
      },
    ];
  });
}
