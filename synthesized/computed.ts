import { createHash } from "node:crypto";
import { usableAddress } from "../topology/cidr";
import { type Located, placeOf, referred, strings } from "./resources";

/**
 * What Azure decides of a resource before it is deployed.
 *
 * @returns nothing where it is known only afterwards
 */
export function computedAttribute(of: Located, path: readonly (string | number)[]): string | undefined {
  const last = path.at(-1);
  // Azure Firewall takes the first address of its subnet (learn.microsoft.com/azure/firewall/firewall-faq).
  if (of.type === "azurerm_firewall" && last === "private_ip_address") {
    const [configuration] = [of.block.ip_configuration].flat() as ({ readonly subnet_id?: unknown } | undefined)[];
    const subnet = referred(of, configuration?.subnet_id);
    const [prefix] = subnet ? strings(subnet.block, "address_prefixes") : [];
    return prefix === undefined ? undefined : usableAddress(prefix, 0);
  }
  if (of.type === "azurerm_public_ip" && last === "ip_address") return placeholderFor(placeOf(of));
  return undefined;
}

/**
 * An address in place of a public one that Azure chooses later: the same for the same resource. It is of the range for benchmarks (RFC 2544), which no host on the
 * Internet has.
 */
export function placeholderFor(resource: string): string {
  const [high = 0, low = 0] = createHash("sha256").update(resource).digest();
  return `198.18.${high}.${low}`;
}
