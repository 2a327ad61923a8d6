import { identityWith } from "../../azure/attributes";
import { propertiesOf } from "../../azure/document";
import type { ResourceType } from "../arm/resource-type";

/** A principal in Entra that a resource can take on. */
const userAssignedIdentities: ResourceType = {
  type: "Microsoft.ManagedIdentity/userAssignedIdentities",
  naming: {
    pattern: /^[A-Za-z0-9][\w-]{2,127}$/,
    code: "InvalidResourceName",
    says: "3 to 128 letters, digits, hyphens and underscores, a letter or digit first",
  },
  stored: ({ arm, path, body }) => {
    const { clientId, principalId } = identityWith(path.id);
    return { ...body, properties: { ...propertiesOf(body), clientId, principalId, tenantId: arm.settings.tenant } };
  },
  written: ({ azure }, { id }) => {
    azure.identities.put(identityWith(id));
  },
  removed: ({ azure }, { id }) => {
    azure.identities.remove(id);
  },
};

export const MANAGED_IDENTITY: readonly ResourceType[] = [userAssignedIdentities];
