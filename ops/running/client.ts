import { randomUUID } from "node:crypto";
import { ROLES } from "../../azure-facts/built-in-roles";
import type { LocalAzure } from "../../local/local-azure";

/**
 * The user's own clients of a running local Azure: an identity with Azure Service Bus Data Owner on each namespace, whose tokens come from the same endpoint as the apps'. In
 * Azure a person needs a role assignment for that, and a place in the network.
 */
export class Client {
  readonly clientId = randomUUID();
  /** The variables by which Azure's SDKs find the identity, and Node the certificate authority. */
  readonly environment: Readonly<Record<string, string>>;

  constructor({ azure, identityEndpoint, authorityPath }: LocalAzure) {
    const principalId = randomUUID();
    const id = `/local/clients/${this.clientId}`;
    azure.change(() => {
      azure.identities.put({ id, clientId: this.clientId, principalId });
      for (const namespace of azure.namespaces.all()) {
        azure.roleAssignments.put({ principalId, role: ROLES.serviceBusOwner.name, scope: namespace.id });
      }
    });
    this.environment = {
      ...identityEndpoint.environmentFor({ identityIds: [id] }),
      AZURE_CLIENT_ID: this.clientId,
      NODE_EXTRA_CA_CERTS: authorityPath,
      CA_FILE: authorityPath,
    };
  }
}
