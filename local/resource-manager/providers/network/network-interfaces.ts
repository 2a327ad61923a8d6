import { bodiesOf, propertiesOf, referenceOf, stringOf } from "../../../azure/document";
import { badRequest } from "../../arm/fault";
import type { RemovalRule, ResourceType } from "../../arm/resource-type";
import { NETWORK_NAME } from "./naming";
import { allocate } from "./subnet-use";
import { unlessUsedBy } from "./used-by";

/** An endpoint's interface comes and goes with it. */
const notAnEndpoints: RemovalRule = ({ document }) => {
  const endpoint = referenceOf(propertiesOf(document), "privateEndpoint");
  if (endpoint === undefined) return;
  throw badRequest(
    "CannotDeleteNicUsedByPrivateEndpoint",
    `Network interface ${document.id} cannot be deleted because it is used by private endpoint ${endpoint}.`,
  );
};

export const networkInterfaces: ResourceType = {
  type: "Microsoft.Network/networkInterfaces",
  longRunning: true,
  naming: NETWORK_NAME,
  removalRules: [notAnEndpoints, unlessUsedBy("NicInUse", "Microsoft.Compute/virtualMachines")],
  stored: ({ arm, path, body }) => ({
    ...body,
    properties: {
      ...propertiesOf(body),
      ipConfigurations: bodiesOf(propertiesOf(body), "ipConfigurations").map((configuration, index) => {
        const properties = propertiesOf(configuration);
        const subnet = arm.need(referenceOf(properties, "subnet") ?? "", path.id);
        const wanted =
          properties.privateIPAllocationMethod === "Static" ? stringOf(properties, "privateIPAddress") : undefined;
        const id = `${path.id}/ipConfigurations/${String(configuration.name)}`;
        return {
          ...configuration,
          id,
          properties: {
            ...properties,
            primary: index === 0,
            privateIPAddress: allocate(arm, subnet, id, wanted),
            provisioningState: "Succeeded",
          },
        };
      }),
    },
  }),
};
