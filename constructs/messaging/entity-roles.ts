import { RoleAssignment } from "@cdktf/provider-azurerm/lib/role-assignment";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { ROLES } from "../../azure-facts/built-in-roles";

/** Who sends beside the producer app sends; who moves messages receives them too. */
export const SENDING = { "": ROLES.serviceBusSender } as const;
export const MOVING = { "receive-": ROLES.serviceBusReceiver, "send-": ROLES.serviceBusSender } as const;

export interface EntityRolesProps {
  readonly principals: readonly {
    readonly principalId: string;
    readonly principalType: string;
    /** Names of queues and topics. */
    readonly entities: readonly string[];
  }[];
  /** The roles, by what their ids begin with. */
  readonly roles: Readonly<Record<string, { readonly name: string }>>;
  /** The ARM ids of an entity, by the place of its namespace's region in the topology. A place without an id has no such entity. */
  readonly entityIds: (name: string) => readonly (string | undefined)[];
  readonly dependsOn: ITerraformDependable[];
}

/** Data roles on entities, on every namespace that has them: roles are not replicated, and after a failover the alias names the other one. */
export class EntityRoles extends Construct {
  constructor(scope: Construct, id: string, { principals, roles, entityIds, dependsOn }: EntityRolesProps) {
    super(scope, id);
    for (const { principalId, principalType, entities } of principals) {
      const own = new Construct(this, principalId.toLowerCase());
      for (const entity of entities) {
        for (const [prefix, role] of Object.entries(roles)) {
          entityIds(entity).forEach((entityId, place) => {
            if (entityId === undefined) return;
            new RoleAssignment(own, `${prefix}${place}-${entity.toLowerCase()}`, {
              scope: entityId,
              roleDefinitionName: role.name,
              principalId,
              principalType,
              dependsOn,
            });
          });
        }
      }
    }
  }
}
