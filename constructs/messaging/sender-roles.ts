import { RoleAssignment } from "@cdktf/provider-azurerm/lib/role-assignment";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { ROLES } from "../../azure-facts/built-in-roles";
import type { Stamp } from "../../topology/schema";

export interface SenderRolesProps {
  readonly senders: Stamp["access"]["senders"];
  /** The ARM ids of an entity, one for each namespace that has it. */
  readonly entityIds: (name: string) => readonly string[];
  readonly dependsOn: ITerraformDependable[];
}

/**
 * Data Sender for those who send beside the producer app, on the entities they may send to and on every namespace that has them: roles are not replicated, and
 * after a failover the alias names the other one.
 */
export class SenderRoles extends Construct {
  constructor(scope: Construct, id: string, { senders, entityIds, dependsOn }: SenderRolesProps) {
    super(scope, id);
    for (const { principalId, principalType, entities } of senders) {
      const own = new Construct(this, principalId.toLowerCase());
      for (const entity of entities) {
        entityIds(entity).forEach((entityId, index) => {
          new RoleAssignment(own, `${index}-${entity.toLowerCase()}`, {
            scope: entityId,
            roleDefinitionName: ROLES.serviceBusSender.name,
            principalId,
            principalType,
            dependsOn,
          });
        });
      }
    }
  }
}
