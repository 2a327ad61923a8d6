/** The ARM id of the virtual network that a subnet or a peering belongs to. */
export function networkOf(childId: string): string {
  return childId.replace(/\/(subnets|virtualNetworkPeerings)\/[^/]+$/i, "");
}

/** The last segment of an ARM id: the resource's own name. */
export function nameIn(armId: string): string {
  return armId.slice(armId.lastIndexOf("/") + 1);
}

/** The resource group in an ARM id. */
export function groupIn(armId: string): string {
  return armId.split("/")[4] ?? "";
}

/** The subscription in an ARM id. */
export function subscriptionIn(armId: string): string {
  return armId.split("/")[2] ?? "";
}

/** The type of the resource in an ARM id: `Microsoft.Sql/servers`. Nothing where it names a group. */
export function typeIn(armId: string): string {
  return /\/providers\/([^/]+\/[^/]+)\//i.exec(armId)?.[1] ?? "";
}

/** ARM ids ignore case. */
export function sameId(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}
