import { networkOf } from "../../../../azure-facts/arm-ids";
import { propertiesOf, referenceOf } from "../../../azure/document";
import type { Arm } from "../../arm/arm";
import { badRequest } from "../../arm/fault";
import { isWithin, sameId } from "../../arm/resource-id";
import type { ResourceType, WriteRule, Write } from "../../arm/resource-type";
import { NETWORK_NAME } from "./naming";
import { addressSpaceOf, PEERINGS, refuseOverlap, subnetIsPut } from "./virtual-networks";

function remoteOf(body: Write["body"]): string {
  return referenceOf(propertiesOf(body), "remoteVirtualNetwork") ?? "";
}

/** Neither network may be changing (terraform-azurerm-virtual-network#79): of the two it is the one of which a subnet is being put. */
const networksAreDone: WriteRule = ({ arm, path, body }) => {
  const busy = [path.parent, remoteOf(body)].find((network) => subnetIsPut(arm, network));
  if (busy !== undefined) {
    throw badRequest(
      "ReferencedResourceNotProvisioned",
      `Cannot proceed with operation because resource ${busy} used by resource ${path.id} is not in Succeeded state. Resource is in Updating state and the last operation that updated/is updating the resource is PutSubnetOperation.`,
    );
  }
  arm.need(remoteOf(body), path.id);
};

const apart: WriteRule = ({ arm, path, body }) => {
  refuseOverlap(path.parent, addressSpaceOf(arm.get(path.parent)), arm.get(remoteOf(body)));
};

/** One network is a peer of another once. */
const onlyOnce: WriteRule = ({ arm, path, body }) => {
  const other = arm
    .all(PEERINGS)
    .find(
      ({ id, ...rest }) => isWithin(id, path.parent) && !sameId(id, path.id) && sameId(remoteOf(rest), remoteOf(body)),
    );
  if (!other) return;
  throw badRequest(
    "AnotherPeeringAlreadyReferencesRemoteVnet",
    `Peering ${path.id} cannot be created or updated because another peering ${other.id} already references remote virtual network ${remoteOf(body)}.`,
  );
};

/** learn.microsoft.com/azure/vpn-gateway/vpn-gateway-peering-gateway-transit: the gateway first, then the transit, then its use. */
const gatewayBeforeTransit: WriteRule = ({ arm, path, body }) => {
  if (propertiesOf(body).useRemoteGateways !== true) return;
  const remote = remoteOf(body);
  if (!hasGateway(arm, remote)) {
    throw badRequest(
      "RemoteVnetHasNoGateways",
      `Peering ${path.id} cannot have UseRemoteGateways flag set to true because remote virtual network ${remote} referenced by the peering does not have any gateways.`,
    );
  }
  const back = peeringBack(arm, path.parent, remote);
  if (back && propertiesOf(back).allowGatewayTransit === true) return;
  throw badRequest(
    "RemotePeeringDoesNotAllowGatewayTransit",
    `Peering ${path.id} cannot have UseRemoteGateways flag set to true, because no peering of remote virtual network ${remote} allows gateway transit.`,
  );
};

function hasGateway(arm: Arm, vnet: string): boolean {
  return arm.all("Microsoft.Network/virtualNetworkGateways").some((gateway) => {
    const configurations = propertiesOf(gateway).ipConfigurations;
    return JSON.stringify(configurations).toLowerCase().includes(`${vnet.toLowerCase()}/subnets/gatewaysubnet`);
  });
}

function peeringBack(arm: Arm, own: string, remote: string) {
  return arm.all(PEERINGS).find(({ id, ...rest }) => isWithin(id, remote) && sameId(remoteOf(rest), own));
}

export const peerings: ResourceType = {
  type: PEERINGS,
  longRunning: true,
  naming: NETWORK_NAME,
  rules: [networksAreDone, apart, onlyOnce, gatewayBeforeTransit],
  stored: ({ arm, body }) => ({
    ...body,
    properties: {
      ...propertiesOf(body),
      remoteAddressSpace: { addressPrefixes: addressSpaceOf(arm.get(remoteOf(body))) },
    },
  }),
  written: ({ azure }, { id, ...peering }) => {
    azure.peerings.put({ id, networkId: networkOf(id), remoteId: remoteOf(peering) });
  },
  removed: ({ azure }, { id }) => {
    azure.peerings.remove(id);
  },
  // It works in both directions or in none.
  shown: (arm, document) => {
    const own = networkOf(document.id);
    const remote = remoteOf(document);
    const back = arm.azure.documents
      .all()
      .some(({ type, id, ...rest }) => type === PEERINGS && isWithin(id, remote) && sameId(remoteOf(rest), own));
    const peeringState = back ? "Connected" : arm.azure.documents.get(remote) ? "Initiated" : "Disconnected";
    return { ...document, properties: { ...propertiesOf(document), peeringState } };
  },
};
