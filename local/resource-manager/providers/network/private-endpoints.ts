import { nameIn } from "../../../../azure-facts/arm-ids";
import { publicNamesOf, servicesOf, subresourcesOf } from "../../../../azure-facts/private-link";
import {
  bodiesOf,
  type ArmDocument,
  type Body,
  propertiesOf,
  referenceOf,
  stringOf,
  stringsOf,
} from "../../../azure/document";
import { type Arm, isDone } from "../../arm/arm";
import { badRequest } from "../../arm/fault";
import { isWithin, sameId } from "../../arm/resource-id";
import type { ResourceType, WriteRule } from "../../arm/resource-type";
import { NETWORK_NAME } from "./naming";
import { recordsOf } from "./private-dns-zones";
import { allocate } from "./subnet-use";

const PRIVATE_ENDPOINTS = "Microsoft.Network/privateEndpoints";
const ZONE_GROUPS = "Microsoft.Network/privateEndpoints/privateDnsZoneGroups";
const INTERFACES = "Microsoft.Network/networkInterfaces";

function connectionsOf(endpoint: Readonly<Record<string, unknown>>) {
  const properties = propertiesOf(endpoint);
  return [
    ...bodiesOf(properties, "privateLinkServiceConnections"),
    ...bodiesOf(properties, "manualPrivateLinkServiceConnections"),
  ];
}

/** The id of what an endpoint leads to. */
function targetOf(endpoint: Readonly<Record<string, unknown>>): string {
  return stringOf(propertiesOf(connectionsOf(endpoint)[0]), "privateLinkServiceId") ?? "";
}

const targetExists: WriteRule = ({ arm, path, body }) => {
  const target = arm.need(targetOf(body), path.id);
  const offered = subresourcesOf(target.type);
  const groups = propertiesOf(connectionsOf(body)[0]).groupIds;
  const wanted = Array.isArray(groups) ? groups.map(String) : [];
  const unknown = wanted.find((group) => !offered.includes(group));
  if (unknown === undefined) return;
  throw badRequest(
    "InvalidGroupId",
    `Call to ${target.type} failed. Error message: The group id '${unknown}' is not valid for ${target.id}; it offers ${offered.join(", ") || "none"}.`,
  );
};

/** Static addresses are given to all of a part's members or to none (terraform-provider-azurerm#18443). */
const membersAreKnown: WriteRule = ({ arm, path, body }) => {
  const asked = bodiesOf(propertiesOf(body), "ipConfigurations").map(propertiesOf);
  if (asked.length === 0) return;
  const groups = stringsOf(propertiesOf(connectionsOf(body)[0]), "groupIds");
  const needed = servicesOf(arm.get(targetOf(body))?.type ?? "").filter(({ subresource }) =>
    groups.includes(subresource),
  );
  const missing = needed.filter(
    ({ subresource, member }) =>
      !asked.some(({ groupId, memberName }) => groupId === subresource && memberName === member),
  );
  if (missing.length === 0) return;
  const given = asked.map(
    ({ privateIPAddress, groupId, memberName }) =>
      `PrivateIPAddress: ${String(privateIPAddress)}, GroupId: ${String(groupId)}, MemberName: ${String(memberName)}`,
  );
  const wanted = missing.map(({ subresource, member }) => `GroupId: ${subresource}, MemberName: ${member}`);
  throw badRequest(
    "PrivateEndpointIpConfigurationMissingMemberNamesRequiredByFps",
    `Private Endpoint ${path.id} contains static ipconfigurations: [${given.join("; ")}] and its missing these membernames/groupids requested by Private Link service [${wanted.join("; ")}]. Private Endpoint needs to be reconfigured with missing memberNames.`,
  );
};

/** Private endpoints need Premium (learn.microsoft.com/azure/service-bus-messaging/private-link-service). */
const tierOffersThem: WriteRule = ({ arm, body }) => {
  const target = arm.get(targetOf(body));
  if (target?.type !== "Microsoft.ServiceBus/namespaces") return;
  const { sku } = target;
  if ((sku as { name?: string } | undefined)?.name === "Premium") return;
  throw badRequest("BadRequest", `Private endpoints of ${target.id} need a namespace of the Premium tier.`);
};

/**
 * After a pairing, a new endpoint on the primary has to wait until the secondary has one
 * (learn.microsoft.com/azure/service-bus-messaging/service-bus-geo-dr#private-endpoints).
 */
const secondaryFirst: WriteRule = ({ arm, body, before }) => {
  const target = targetOf(body);
  const pairing = arm.azure.aliases().find(({ primaryId }) => sameId(primaryId, target));
  if (before || pairing?.partnerId === undefined || endpointsOf(arm, pairing.partnerId).some(isDone)) return;
  throw badRequest(
    "BadRequest",
    `The namespace ${nameIn(target)} is the primary of a pairing: create a private endpoint on the secondary namespace ${nameIn(pairing.partnerId)} first.`,
  );
};

/** The endpoints that lead to a resource. */
export function endpointsOf(arm: Arm, target: string): ArmDocument[] {
  return arm.all(PRIVATE_ENDPOINTS).filter((endpoint) => sameId(targetOf(endpoint), target));
}

/** An endpoint's interface, as it was asked for or with the name that Azure gives it. */
function interfaceId(endpoint: Readonly<Record<string, unknown>>, id: string): string {
  const own = stringOf(propertiesOf(endpoint), "customNetworkInterfaceName") ?? "";
  const group = id.slice(0, id.toLowerCase().indexOf("/providers/"));
  return `${group}/providers/${INTERFACES}/${own === "" ? `${nameIn(id)}.nic` : own}`;
}

export const privateEndpoints: ResourceType = {
  type: PRIVATE_ENDPOINTS,
  longRunning: true,
  naming: NETWORK_NAME,
  rules: [targetExists, membersAreKnown, tierOffersThem, secondaryFirst],
  stored: ({ arm, path, body }) => {
    const properties = propertiesOf(body);
    const subnet = arm.need(referenceOf(properties, "subnet") ?? "", path.id);
    const nic = interfaceId(body, path.id);
    const [asked] = bodiesOf(properties, "ipConfigurations");
    const address = allocate(arm, subnet, nic, stringOf(propertiesOf(asked), "privateIPAddress"));
    const connected = (key: string, state: Body) =>
      bodiesOf(properties, key).map((connection) => ({
        ...connection,
        id: `${path.id}/${key}/${String(connection.name)}`,
        properties: {
          ...propertiesOf(connection),
          privateLinkServiceConnectionState: { actionsRequired: "", ...state },
          provisioningState: "Succeeded",
        },
      }));
    return {
      ...body,
      properties: {
        ...properties,
        privateLinkServiceConnections: connected("privateLinkServiceConnections", {
          status: "Approved",
          description: "Auto-Approved",
        }),
        // Its owner approves it.
        manualPrivateLinkServiceConnections: connected("manualPrivateLinkServiceConnections", {
          status: "Pending",
          description: "Awaiting Approval",
        }),
        networkInterfaces: [{ id: nic }],
        customDnsConfigs: fqdnsOf(targetOf(body), body).map((fqdn) => ({ fqdn, ipAddresses: [address] })),
      },
    };
  },
  written: (arm, endpoint) => {
    const { subnet } = propertiesOf(endpoint);
    const id = stringOf(bodiesOf(propertiesOf(endpoint), "networkInterfaces")[0], "id") ?? "";
    arm.put({
      id,
      name: nameIn(id),
      type: INTERFACES,
      location: endpoint.location,
      properties: {
        provisioningState: "Succeeded",
        privateEndpoint: { id: endpoint.id },
        ipConfigurations: [
          {
            name: "private",
            id: `${id}/ipConfigurations/private`,
            properties: {
              privateIPAddress: addressOf(endpoint),
              privateIPAllocationMethod: "Static",
              primary: true,
              subnet,
            },
          },
        ],
      },
    });
    putEndpoint(arm, endpoint);
  },
  removed: (arm, endpoint) => {
    const [nic] = bodiesOf(propertiesOf(endpoint), "networkInterfaces");
    arm.azure.documents.remove(stringOf(nic, "id") ?? "");
    arm.azure.endpoints.remove(endpoint.id);
  },
};

/** The address that it was given. */
function addressOf(endpoint: Readonly<Record<string, unknown>> | undefined): string {
  const [config] = bodiesOf(propertiesOf(endpoint), "customDnsConfigs");
  return stringsOf(config, "ipAddresses")[0] ?? "";
}

/** The public names of the resource that an endpoint leads to. */
function fqdnsOf(target: string, endpoint: Readonly<Record<string, unknown>>): readonly string[] {
  const groups = propertiesOf(connectionsOf(endpoint)[0]).groupIds;
  return publicNamesOf(nameIn(target), Array.isArray(groups) ? String(groups[0]) : "");
}

/** Puts into the model where the endpoint leads, and which zones have its record. */
function putEndpoint(arm: Arm, endpoint: ArmDocument): void {
  const group = arm.all(ZONE_GROUPS).find(({ id }) => isWithin(id, endpoint.id));
  arm.azure.endpoints.put({
    id: endpoint.id,
    name: endpoint.name,
    subnetId: referenceOf(propertiesOf(endpoint), "subnet") ?? "",
    address: addressOf(endpoint),
    targetId: targetOf(endpoint),
    zoneIds: zonesOf(group),
  });
}

function zonesOf(group: ArmDocument | undefined): string[] {
  return bodiesOf(propertiesOf(group), "privateDnsZoneConfigs").map(
    (config) => stringOf(propertiesOf(config), "privateDnsZoneId") ?? "",
  );
}

const zonesExist: WriteRule = ({ arm, path, body }) => {
  for (const config of bodiesOf(propertiesOf(body), "privateDnsZoneConfigs")) {
    arm.need(stringOf(propertiesOf(config), "privateDnsZoneId") ?? "", path.id);
  }
};

export const privateDnsZoneGroups: ResourceType = {
  type: ZONE_GROUPS,
  longRunning: true,
  rules: [zonesExist],
  stored: ({ arm, path, body }) => {
    const endpoint = arm.azure.documents.get(path.parent);
    const address = addressOf(endpoint);
    const labels = fqdnsOf(targetOf(endpoint ?? {}), endpoint ?? {});
    return {
      ...body,
      properties: {
        ...propertiesOf(body),
        privateDnsZoneConfigs: bodiesOf(propertiesOf(body), "privateDnsZoneConfigs").map((config) => {
          const zone = stringOf(propertiesOf(config), "privateDnsZoneId") ?? "";
          return {
            ...config,
            properties: { ...propertiesOf(config), recordSets: recordsOf(zone, labels, address) },
          };
        }),
      },
    };
  },
  written: (arm, group) => {
    const endpoint = arm.get(endpointOf(group));
    if (endpoint) putEndpoint(arm, endpoint);
  },
  removed: (arm, group) => {
    const endpoint = arm.get(endpointOf(group));
    if (endpoint) putEndpoint(arm, endpoint);
  },
};

function endpointOf({ id }: ArmDocument): string {
  return id.replace(/\/privateDnsZoneGroups\/[^/]+$/i, "");
}
