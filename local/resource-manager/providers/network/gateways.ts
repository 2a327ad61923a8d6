import { nameIn } from "../../../../azure-facts/arm-ids";
import { bodiesOf, propertiesOf, referenceOf } from "../../../azure/document";
import { badRequest } from "../../arm/fault";
import { isWithin, sameId } from "../../arm/resource-id";
import type { RemovalRule, ResourceType, WriteRule, Write } from "../../arm/resource-type";
import { NETWORK_NAME } from "./naming";
import { placed } from "./subnet-use";
import { unlessUsedBy } from "./used-by";
import { PEERINGS } from "./virtual-networks";

const GATEWAYS = "Microsoft.Network/virtualNetworkGateways";

const configurationsOf = (body: Write["body"]) => bodiesOf(propertiesOf(body), "ipConfigurations");

/** learn.microsoft.com/azure/vpn-gateway/vpn-gateway-about-vpn-gateway-settings#gwsub */
const inItsSubnet: WriteRule = ({ arm, path, body }) => {
  for (const configuration of configurationsOf(body)) {
    const subnet = referenceOf(propertiesOf(configuration), "subnet") ?? "";
    arm.need(subnet, path.id);
    arm.need(referenceOf(propertiesOf(configuration), "publicIPAddress") ?? "", path.id);
    if (nameIn(subnet) === "GatewaySubnet") continue;
    throw badRequest(
      "VirtualNetworkGatewayIpConfigurationInvalidSubnet",
      `Subnet ${subnet} of gateway ${path.name} must be named GatewaySubnet.`,
    );
  }
};

const defaultSiteExists: WriteRule = ({ arm, path, body }) => {
  const site = referenceOf(propertiesOf(body), "gatewayDefaultSite");
  if (site !== undefined) arm.need(site, path.id);
};

/** One that peers go through cannot go. */
const noPeerGoesThrough: RemovalRule = ({ arm, document }) => {
  const [configuration] = configurationsOf(document);
  const network = (referenceOf(propertiesOf(configuration), "subnet") ?? "").replace(/\/subnets\/[^/]+$/i, "");
  const user = arm
    .all(PEERINGS)
    .find(
      (peering) =>
        !isWithin(peering.id, network) &&
        propertiesOf(peering).useRemoteGateways === true &&
        sameId(referenceOf(propertiesOf(peering), "remoteVirtualNetwork") ?? "", network),
    );
  if (!user) return;
  throw badRequest(
    "VirtualNetworkGatewayInUseByPeering",
    `Gateway ${document.id} cannot be deleted because peering ${user.id} uses it as a remote gateway.`,
  );
};

export const virtualNetworkGateways: ResourceType = {
  type: GATEWAYS,
  longRunning: true,
  naming: NETWORK_NAME,
  rules: [inItsSubnet, defaultSiteExists],
  removalRules: [noPeerGoesThrough],
  stored: (write) => ({
    ...write.body,
    properties: { ...propertiesOf(write.body), ipConfigurations: placed(write, "ipConfigurations") },
  }),
};

export const localNetworkGateways: ResourceType = {
  type: "Microsoft.Network/localNetworkGateways",
  longRunning: true,
  naming: NETWORK_NAME,
  removalRules: [unlessUsedBy("LocalNetworkGatewayInUse", GATEWAYS)],
};
