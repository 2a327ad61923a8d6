import { RoleAssignment } from "@cdktf/provider-azurerm/lib/role-assignment";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { ROLES } from "../../azure-facts/built-in-roles";
import type { Stamp } from "../../topology/schema";

export interface OperatorRolesProps {
  readonly principals: Stamp["access"]["operators"]["principals"];
  /** The names of every entity of the stamp. */
  readonly entities: readonly string[];
  /** The ARM ids of an entity, one for each namespace that has it. */
  readonly entityIds: (name: string) => readonly string[];
  readonly dependsOn: ITerraformDependable[];
}

/** What moving a message takes: to receive it, and to send it. */
const MOVING = { receive: ROLES.serviceBusReceiver, send: ROLES.serviceBusSender } as const;

/** Data Receiver and Data Sender for people on call, on their entities and on every namespace that has them. */
export class OperatorRoles extends Construct {
  constructor(scope: Construct, id: string, props: OperatorRolesProps) {
    super(scope, id);
    const { principals, entities: all, entityIds, dependsOn } = props;
    for (const { principalId, principalType, entities = all } of principals) {
      const own = new Construct(this, principalId.toLowerCase());
      for (const entity of entities) {
        for (const [action, role] of Object.entries(MOVING)) {
          entityIds(entity).forEach((entityId, index) => {
            new RoleAssignment(own, `${action}-${index}-${entity.toLowerCase()}`, {
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
