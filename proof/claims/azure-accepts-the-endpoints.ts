import { nameIn } from "../../azure-facts/arm-ids";
import { armId } from "../../synthesized/arm-id";
import { all } from "../../synthesized/resources";
import { optionalText, partOf } from "../../synthesized/views/attributes";
import { privateEndpointsIn } from "../../synthesized/views/private-endpoint";
import type { GeneralClaim } from "../claim";
import { originOf } from "../network/terraform/origins";

/** An endpoint is in the region of its network, and a namespace with one is Premium (learn.microsoft.com/azure/private-link/private-endpoint-overview). */
export const azureAcceptsTheEndpoints: GeneralClaim = {
  name: "azure-accepts-the-endpoints",
  why: "Azure refuses the endpoint, after everything before it is there.",
  needs: "stacks",
  check: ({ stacks, reach }) => {
    const namespaces = new Map(
      all(stacks, "azurerm_servicebus_namespace").map((each) => [armId(each), optionalText(partOf(each), "sku")]),
    );
    return privateEndpointsIn(stacks).flatMap(({ resource, name, location, subnetId, targetId }) => {
      const says = (what: string) => ({ what: `${name} ${what}`, origin: originOf(partOf(resource)) });
      const { location: region, name: network } = reach.lookup.network(reach.lookup.subnet(subnetId).networkId);
      const sku = namespaces.get(targetId);
      return [
        ...(region === undefined || region === location
          ? []
          : [says(`is in ${location}, and its network ${network} in ${region}`)]),
        ...(sku === undefined || sku === "Premium"
          ? []
          : [says(`leads to ${nameIn(targetId)}, which is ${sku} and not Premium`)]),
      ];
    });
  },
};
