import type { SynthesizedStack } from "../cdktf-out";
import { all, type Located, referred } from "../resources";
import { idIn, partOf, text } from "./attributes";

export interface Role {
  readonly resource: Located;
  /** Its name: `Azure Service Bus Data Sender`. */
  readonly name: string;
  /** An ARM id, in lower case: the role holds there and below. */
  readonly scope: string;
  /** The identity of the same stack that has it; none where the topology names a principal. */
  readonly identity?: Located;
  /** What identifies a principal: the identity's address, or the principal's id. */
  readonly principal: string;
}

export function rolesIn(stacks: readonly SynthesizedStack[]): Role[] {
  return all(stacks, "azurerm_role_assignment").map((resource) => {
    const role = partOf(resource);
    const identity = referred(resource, resource.block.principal_id);
    return {
      resource,
      name: text(role, "role_definition_name"),
      scope: idIn(role, "scope"),
      ...(identity ? { identity } : {}),
      principal: identity ? `${identity.stack.name} ${identity.address}` : text(role, "principal_id"),
    };
  });
}
