import { RoleAssignment } from "@cdktf/provider-azurerm/lib/role-assignment";
import { UserAssignedIdentity } from "@cdktf/provider-azurerm/lib/user-assigned-identity";
import { Construct } from "constructs";
import type { Placement } from "../network/placement";

export interface Grant {
  /** In the construct's id: what the role is for. */
  readonly purpose: string;
  readonly role: string;
  readonly scope: string;
}

export interface AppIdentityProps extends Placement {
  readonly name: string;
  readonly grants: readonly Grant[];
}

/** An app's own identity and its roles; roles that are assigned after an app starts would fail its first minutes. */
export class AppIdentity extends Construct {
  readonly identity: UserAssignedIdentity;
  readonly roles: RoleAssignment[];

  constructor(scope: Construct, id: string, { grants, ...identity }: AppIdentityProps) {
    super(scope, id);
    this.identity = new UserAssignedIdentity(this, "identity", identity);
    this.roles = grants.map(
      ({ purpose, role, scope: roleScope }) =>
        new RoleAssignment(this, purpose, {
          scope: roleScope,
          roleDefinitionName: role,
          principalId: this.identity.principalId,
          principalType: "ServicePrincipal",
          // Entra may not know a new identity yet everywhere; Azure need not look it up.
          skipServicePrincipalAadCheck: true,
        }),
    );
  }
}
