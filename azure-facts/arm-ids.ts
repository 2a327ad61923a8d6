/** The ARM id of the virtual network that a subnet or a peering belongs to. */
export function networkOf(childId: string): string {
  return childId.replace(/\/(subnets|virtualNetworkPeerings)\/[^/]+$/i, "");
}
