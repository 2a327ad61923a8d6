import type { SynthesizedStack } from "../cdktf-out";
import { referenceIn } from "../references";
import { all, type Located, placeOf, referred } from "../resources";
import { idIn, type Part, partOf, text } from "./attributes";

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
    const { principal_id: principalId } = resource.block;
    const named = referred(resource, principalId);
    // Its client id, or its ARM id, is no principal.
    const identity = /^(principal_id|identity)/.test(referenceIn(principalId)?.attribute ?? "") ? named : undefined;
    return {
      resource,
      name: text(role, "role_definition_name"),
      scope: idIn(role, "scope"),
      ...(identity ? { identity } : {}),
      principal: identity ? `${identity.stack.name} ${identity.address}` : principalOf(principalId, named, role),
    };
  });
}

/** Another attribute of a resource is known by its reference: Azure finds no principal by it. */
function principalOf(value: unknown, named: Located | undefined, role: Part): string {
  if (!named) return text(role, "principal_id");
  return `${referenceIn(value)?.attribute ?? "an attribute"} of ${placeOf(named)}`;
}
