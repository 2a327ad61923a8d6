import { all, type Located } from "../../synthesized/resources";
import { partOf } from "../../synthesized/views/attributes";
import type { Stamp } from "../../topology/schema";
import type { DeclaredClaim, Violation } from "../claim";
import type { Model } from "../network/model";
import { originOf } from "../network/terraform/origins";

/** Size and place of each namespace. A pair is in two regions: one region's loss takes one of the two. */
export const namespacesAreAsDeclared: DeclaredClaim = {
  name: "namespaces-are-as-declared",
  why: "A namespace has another size or another place than is meant, or cannot have private endpoints at all.",
  needs: "topology",
  check: ({ topology, stacks, model }) => {
    const namespaces = new Map(
      all(stacks, "azurerm_servicebus_namespace").map((each) => [String(each.block.name).toLowerCase(), each]),
    );
    return topology.stamps.flatMap((stamp) => [
      ...unpaired(stamp, model),
      ...stamp.regions.flatMap(({ location, serviceBus }): Violation[] => {
        const namespace = namespaces.get(serviceBus.namespace.toLowerCase());
        if (!namespace) return [];
        return differences(namespace, {
          sku: "Premium",
          capacity: serviceBus.messagingUnits,
          premium_messaging_partitions: serviceBus.partitions,
          location,
          "lifecycle.prevent_destroy": stamp.protection.preventDestroy,
        });
      }),
    ]);
  },
};

/** A pair that the topology means, and no stack makes: the alias then leads nowhere, or stays where it is. */
function unpaired({ regions, primary, pairing }: Stamp, { aliases, services }: Model): Violation[] {
  if (pairing?.state !== "paired") return [];
  const idOf = (isPrimary: boolean) => {
    const region = regions.find(({ location }) => (location === primary) === isPrimary);
    return services.find(({ name }) => name.toLowerCase() === region?.serviceBus.namespace.toLowerCase());
  };
  const [first, second] = [idOf(true), idOf(false)];
  if (!first || !second) return [];
  const isMade = aliases.some(
    ({ name, primaryId, partnerId }) =>
      name.toLowerCase() === pairing.alias.toLowerCase() && primaryId === first.id && partnerId === second.id,
  );
  return isMade
    ? []
    : [
        {
          what: `no stack pairs ${first.name} with ${second.name} under the alias ${pairing.alias}`,
          origin: first.origin,
        },
      ];
}

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
