/** The priorities that a rule of one's own can have (learn.microsoft.com/azure/virtual-network/network-security-groups-overview). */
export const FIRST_PRIORITY = 100;
export const LAST_PRIORITY = 4096;

/** A rule that every group has, behind all of one's own. */
export interface DefaultRule {
  readonly name: string;
  readonly direction: "Inbound" | "Outbound";
  readonly priority: number;
  readonly access: "Allow" | "Deny";
  readonly source: string;
  readonly destination: string;
}

/** Azure's own rules, which cannot be removed (the same page, "Default security rules"). */
export const DEFAULT_RULES: readonly DefaultRule[] = [
  rule("AllowVnetInBound", "Inbound", 65_000, "Allow", "VirtualNetwork", "VirtualNetwork"),
  rule("AllowAzureLoadBalancerInBound", "Inbound", 65_001, "Allow", "AzureLoadBalancer", "*"),
  rule("DenyAllInbound", "Inbound", 65_500, "Deny", "*", "*"),
  rule("AllowVnetOutBound", "Outbound", 65_000, "Allow", "VirtualNetwork", "VirtualNetwork"),
  rule("AllowInternetOutBound", "Outbound", 65_001, "Allow", "*", "Internet"),
  rule("DenyAllOutBound", "Outbound", 65_500, "Deny", "*", "*"),
];

function rule(
  name: string,
  direction: DefaultRule["direction"],
  priority: number,
  access: DefaultRule["access"],
  source: string,
  destination: string,
): DefaultRule {
  return { name, direction, priority, access, source, destination };
}
