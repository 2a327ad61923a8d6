import { propertiesOf, stringOf, stringsOf } from "../../../azure/document";
import type { Arm } from "../../arm/arm";
import { badRequest } from "../../arm/fault";
import type { ResourceType, WriteRule } from "../../arm/resource-type";
import { NETWORK_NAME } from "./naming";
import { unlessUsedBy } from "./used-by";

/** Addresses of the range for documentation (RFC 5737), by the order in which they were made. */
const PUBLIC_RANGE = "198.51.100";

const standardIsStatic: WriteRule = ({ body }) => {
  const sku = (body.sku as { name?: string } | undefined)?.name ?? "Basic";
  if (sku === "Basic" || propertiesOf(body).publicIPAllocationMethod === "Static") return;
  throw badRequest(
    "StandardSkuPublicIPAddressesMustBeStatic",
    "Standard sku publicIp must have AllocationMethod set to Static.",
  );
};

const zonesStay: WriteRule = ({ body, before, path }) => {
  const zones = (of: typeof body) => [...stringsOf(of, "zones")].sort().join();
  if (!before || body.zones === undefined || zones(before) === zones(body)) return;
  throw badRequest(
    "ResourceAvailabilityZonesCannotBeModified",
    `Resource ${path.id} has an existing availability zone constraint ${zones(before)} and the request has availability zone constraint ${zones(body)}, which do not match. Zones cannot be added/updated/removed once the resource is created.`,
  );
};

const PUBLIC_ADDRESSES = "Microsoft.Network/publicIPAddresses";

export const publicIpAddresses: ResourceType = {
  type: PUBLIC_ADDRESSES,
  longRunning: true,
  naming: NETWORK_NAME,
  rules: [standardIsStatic, zonesStay],
  removalRules: [
    unlessUsedBy(
      "PublicIPAddressCannotBeDeleted",
      "Microsoft.Network/azureFirewalls",
      "Microsoft.Network/virtualNetworkGateways",
      "Microsoft.Network/networkInterfaces",
    ),
  ],
  stored: ({ arm, body, before }) => ({
    ...body,
    properties: {
      ...propertiesOf(body),
      ipAddress: stringOf(propertiesOf(before), "ipAddress") ?? freeAddress(arm),
    },
  }),
};

function freeAddress(arm: Arm): string {
  const taken = arm.all(PUBLIC_ADDRESSES).map((address) => stringOf(propertiesOf(address), "ipAddress"));
  for (let index = 1; ; index += 1) if (!taken.includes(`${PUBLIC_RANGE}.${index}`)) return `${PUBLIC_RANGE}.${index}`;
}
