import { armId } from "../arm-id";
import type { SynthesizedStack } from "../cdktf-out";
import { all, type Located } from "../resources";
import { idIn, onlyText, partIn, partOf, partsIn, text, texts } from "./attributes";

export interface PrivateEndpoint {
  readonly resource: Located;
  /** An ARM id, in lower case. */
  readonly id: string;
  readonly name: string;
  readonly location: string;
  /** The ARM id of its subnet, in lower case. */
  readonly subnetId: string;
  readonly address: string;
  /** Private Link's name for the part that it leads to: namespace, blob, table, queue, sites. */
  readonly subresource: string;
  /** The ARM id of the resource that it leads to, in lower case. */
  readonly targetId: string;
  /** The ARM ids of the zones that get its record, in lower case. */
  readonly zoneIds: readonly string[];
}

export function privateEndpointsIn(stacks: readonly SynthesizedStack[]): PrivateEndpoint[] {
  return all(stacks, "azurerm_private_endpoint").map((resource) => {
    const endpoint = partOf(resource);
    const connection = partIn(endpoint, "private_service_connection");
    return {
      resource,
      id: armId(resource),
      name: text(endpoint, "name"),
      location: text(endpoint, "location"),
      subnetId: idIn(endpoint, "subnet_id"),
      address: text(partIn(endpoint, "ip_configuration"), "private_ip_address"),
      subresource: onlyText(connection, "subresource_names"),
      targetId: idIn(connection, "private_connection_resource_id"),
      zoneIds: partsIn(endpoint, "private_dns_zone_group")
        .flatMap((group) => texts(group, "private_dns_zone_ids"))
        .map((id) => id.toLowerCase()),
    };
  });
}

/** The ARM ids of the resources that endpoints lead to and no stack makes, in lower case, each once. */
export function foreignTargetsIn(stacks: readonly SynthesizedStack[]): string[] {
  const made = new Set(
    all(stacks, "azurerm_servicebus_namespace", "azurerm_storage_account", "azurerm_windows_function_app").map(armId),
  );
  return [...new Set(privateEndpointsIn(stacks).map(({ targetId }) => targetId))].filter((id) => !made.has(id));
}
