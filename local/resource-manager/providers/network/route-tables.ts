import { bodiesOf, propertiesOf, stringOf } from "../../../azure/document";
import { badRequest } from "../../arm/fault";
import type { ResourceType, WriteRule } from "../../arm/resource-type";
import { NETWORK_NAME } from "./naming";
import { unlessUsedBy } from "./used-by";
import { SUBNETS } from "./virtual-networks";

/** learn.microsoft.com/azure/virtual-network/virtual-networks-udr-overview#user-defined */
const hopsAreWhole: WriteRule = ({ path, body }) => {
  for (const route of bodiesOf(propertiesOf(body), "routes")) {
    const { nextHopType } = propertiesOf(route);
    const address = stringOf(propertiesOf(route), "nextHopIpAddress") ?? "";
    const appliance = nextHopType === "VirtualAppliance";
    if (appliance === (address !== "")) continue;
    throw badRequest(
      appliance ? "RouteWithoutNextHopIpAddress" : "RouteNextHopIpAddressNotAllowed",
      `Route ${path.id}/routes/${String(route.name)} with next hop type ${String(nextHopType)} ${appliance ? "needs" : "takes no"} next hop IP address.`,
    );
  }
};

export const routeTables: ResourceType = {
  type: "Microsoft.Network/routeTables",
  longRunning: true,
  naming: NETWORK_NAME,
  rules: [hopsAreWhole],
  removalRules: [unlessUsedBy("InUseRouteTableCannotBeDeleted", SUBNETS)],
};
