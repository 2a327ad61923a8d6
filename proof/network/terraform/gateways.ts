import { networkOf } from "../../../azure-facts/arm-ids";
import { armId } from "../../../synthesized/arm-id";
import type { SynthesizedStack } from "../../../synthesized/cdktf-out";
import { all } from "../../../synthesized/resources";
import { idIn, type Part, partOf, partsIn, text, texts } from "../../../synthesized/views/attributes";
import { allOf } from "../../packets/addresses";
import type { Gateway, OnPremises } from "../model";
import { originOf } from "./origins";

export function gatewaysIn(stacks: readonly SynthesizedStack[]): Gateway[] {
  return all(stacks, "azurerm_virtual_network_gateway").map((resource) => {
    const gateway = partOf(resource);
    const [configuration] = partsIn(gateway, "ip_configuration");
    if (!configuration) throw new Error(`${gateway.path} is in no subnet.`);
    const subnetId = idIn(configuration, "subnet_id");
    return {
      id: armId(resource),
      name: text(gateway, "name"),
      origin: originOf(gateway),
      networkId: networkOf(subnetId),
      subnetId,
      kind: text(gateway, "type") === "ExpressRoute" ? "ExpressRoute" : "Vpn",
    };
  });
}

/**
 * What a gateway leads to: a local network gateway's blocks, and what the stack says of its egress where BGP announces it and no resource shows it.
 */
export function onPremisesIn(stacks: readonly SynthesizedStack[], gateways: readonly Gateway[]): OnPremises[] {
  return gateways.map(({ id, name, networkId, kind, origin }) => {
    const stack = stacks.find((each) =>
      all([each], "azurerm_virtual_network_gateway").some((one) => armId(one) === id),
    );
    const egress = stack?.json.locals?.egress as { readonly on_premises?: readonly string[] } | undefined;
    const sites = stack ? all([stack], "azurerm_local_network_gateway").map(partOf) : [];
    const blocks = [...sites.flatMap((site) => texts(site, "address_space")), ...(egress?.on_premises ?? [])];
    return {
      name: `on-premises behind ${name}`,
      networkId,
      addresses: allOf(blocks),
      prefixes: [...new Set(blocks)],
      announcesDefault: kind === "ExpressRoute",
      origin: originOfSites(sites) ?? origin,
    };
  });
}

function originOfSites([site]: readonly Part[]) {
  return site && originOf(site);
}
