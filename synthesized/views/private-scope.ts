import { armId } from "../arm-id";
import type { SynthesizedStack } from "../cdktf-out";
import { all } from "../resources";
import { idIn, partOf, text } from "./attributes";

/** An Azure Monitor Private Link Scope and what is in it. */
export interface PrivateScope {
  /** An ARM id, in lower case. */
  readonly id: string;
  /** The ARM ids of components and workspaces, in lower case. */
  readonly memberIds: readonly string[];
}

export function privateScopesIn(stacks: readonly SynthesizedStack[]): PrivateScope[] {
  const members = all(stacks, "azurerm_monitor_private_link_scoped_service").map((resource) => ({
    group: text(partOf(resource), "resource_group_name").toLowerCase(),
    scope: text(partOf(resource), "scope_name").toLowerCase(),
    id: idIn(partOf(resource), "linked_resource_id"),
  }));
  return all(stacks, "azurerm_monitor_private_link_scope").map((resource) => {
    const id = armId(resource);
    const path = id.split("/");
    return {
      id,
      memberIds: members
        .filter(({ group, scope }) => path[4] === group && path.at(-1) === scope)
        .map((member) => member.id),
    };
  });
}
