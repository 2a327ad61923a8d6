import { armId } from "../../synthesized/arm-id";
import { all } from "../../synthesized/resources";
import { partOf } from "../../synthesized/views/attributes";
import type { GeneralClaim } from "../claim";
import { originOf } from "../network/terraform/origins";

/** What Geo-DR does not replicate, and what it needs to be equal (learn.microsoft.com/azure/service-bus-messaging/service-bus-geo-dr). */
const ALIKE = [
  "sku",
  "capacity",
  "premium_messaging_partitions",
  "local_auth_enabled",
  "minimum_tls_version",
  "public_network_access_enabled",
] as const;

export const thePairIsAlike: GeneralClaim = {
  name: "the-pair-is-alike",
  why: "Azure refuses the pair, or after a failover the namespace is another one than before.",
  needs: "stacks",
  check: ({ stacks, model }) => {
    const namespaces = new Map(all(stacks, "azurerm_servicebus_namespace").map((each) => [armId(each), each]));
    return model.aliases.flatMap(({ name, primaryId, partnerId, origin }) => {
      if (partnerId === undefined) return [];
      const [one, other] = [namespaces.get(primaryId), namespaces.get(partnerId)];
      if (!one || !other || one === other)
        return [{ what: `${name} pairs namespaces that the stacks do not have, or one with itself`, origin }];
      return ALIKE.filter((key) => one.block[key] !== other.block[key]).map((key) => ({
        what: `${key} of ${String(other.block.name)} is ${shown(other.block[key])}, and of its primary ${String(one.block.name)} ${shown(one.block[key])}`,
        origin: originOf(partOf(other)),
      }));
    });
  },
};

function shown(value: unknown): string {
  return value === undefined || value === null ? "missing" : JSON.stringify(value);
}
