import { armId } from "../arm-id";
import { ChosenAddresses } from "../chosen-addresses";
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
  /** The one that it asks for, else one in place of the one that Azure chooses. */
  readonly address: string;
  /** Private Link's name for the part that it leads to: namespace, blob, table, queue, sites, azuremonitor. */
  readonly subresource: string;
  /** The ARM id of the resource that it leads to, in lower case. */
  readonly targetId: string;
  /** The ARM ids of the zones that get its record, in lower case. */
  readonly zoneIds: readonly string[];
}

export function privateEndpointsIn(stacks: readonly SynthesizedStack[]): PrivateEndpoint[] {
  const chosen = new ChosenAddresses(stacks);
  return all(stacks, "azurerm_private_endpoint").map((resource) => {
    const endpoint = partOf(resource);
    const [asked] = partsIn(endpoint, "ip_configuration");
    const connection = partIn(endpoint, "private_service_connection");
    const id = armId(resource);
    return {
      resource,
      id,
      name: text(endpoint, "name"),
      location: text(endpoint, "location"),
      subnetId: idIn(endpoint, "subnet_id"),
      address: asked ? text(asked, "private_ip_address") : chosen.of(id),
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
    all(
      stacks,
      "azurerm_servicebus_namespace",
      "azurerm_storage_account",
      "azurerm_windows_function_app",
      "azurerm_monitor_private_link_scope",
    ).map(armId),
  );
  return [...new Set(privateEndpointsIn(stacks).map(({ targetId }) => targetId))].filter((id) => !made.has(id));
}
