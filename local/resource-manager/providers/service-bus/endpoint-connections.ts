import { nameIn } from "../../../../azure-facts/arm-ids";
import { sameId } from "../../arm/resource-id";
import type { ResourceType } from "../../arm/resource-type";
import { NAMESPACES } from "./namespaces";

/** The private endpoints that lead to a namespace, as the namespace shows them. */
export const endpointConnections: ResourceType = {
  type: `${NAMESPACES}/privateEndpointConnections`,
  actions: {
    list: ({ arm: { azure }, path }) => ({
      value: azure.endpoints
        .all()
        .filter(({ targetId }) => sameId(targetId, path.id))
        .map(({ id }) => ({
          id: `${path.id}/privateEndpointConnections/${nameIn(id)}`,
          name: nameIn(id),
          type: `${NAMESPACES}/privateEndpointConnections`,
          properties: {
            privateEndpoint: { id },
            privateLinkServiceConnectionState: { status: "Approved", description: "" },
            provisioningState: "Succeeded",
          },
        })),
    }),
  },
};
