import { ManagementLock } from "@cdktf/provider-azurerm/lib/management-lock";
import { ResourceGroup } from "@cdktf/provider-azurerm/lib/resource-group";
import type { Construct } from "constructs";
import type { Placement } from "../constructs/network/placement";

export interface OwnedResourceGroupProps {
  readonly name: string;
  readonly location: string;
  readonly tags: Record<string, string>;
  /** Whether Azure refuses to delete anything in it. */
  readonly lock: boolean;
}

/** The stack's own resource group, and the placement of its resources. */
export function ownedResourceGroup(scope: Construct, props: OwnedResourceGroupProps): Placement {
  const { lock, ...group } = props;
  const resource = new ResourceGroup(scope, "resource-group", group);
  if (lock) {
    new ManagementLock(scope, "lock", {
      name: "cannot-delete",
      scope: resource.id,
      lockLevel: "CanNotDelete",
      notes: "protection.locks in the topology",
    });
  }
  return { location: group.location, resourceGroupName: resource.name, tags: group.tags };
}
