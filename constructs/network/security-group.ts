import {
  NetworkSecurityGroup,
  type NetworkSecurityGroupSecurityRule,
} from "@cdktf/provider-azurerm/lib/network-security-group";
import { Construct } from "constructs";
import { FIRST_PRIORITY, LAST_PRIORITY } from "../../azure-facts/security-groups";
import type { Port } from "./port";

/** Azure cuts off longer ones with an error at apply. */
const LONGEST_DESCRIPTION = 140;
const STEP = 10;

export interface SecurityGroupProps {
  readonly name: string;
  readonly resourceGroupName: string;
  readonly location: string;
  readonly tags: Record<string, string>;
}

export interface Flow {
  /** The rule's name, made unlike any other of the group by the port and the protocol. */
  readonly name: string;
  /** CIDR blocks and addresses, or one service tag. */
  readonly from: readonly string[];
  readonly to: readonly string[];
  readonly port: Port;
  /** Why it is allowed; the rule's description. */
  readonly reason: string;
  /** @default the next free one, in tens from 100 */
  readonly priority?: number;
}

/**
 * An NSG that denies every flow that is not declared, in both directions: its own deny rule is evaluated before Azure's default rules, which would allow the whole
 * VirtualNetwork tag, and with it everything a 0.0.0.0/0 route leads to.
 *
 * Rules are inline, so that a rule added by hand is drift that the next plan shows.
 */
export class SecurityGroup extends Construct {
  readonly resource: NetworkSecurityGroup;
  private readonly rules: NetworkSecurityGroupSecurityRule[] = [];

  constructor(scope: Construct, id: string, props: SecurityGroupProps) {
    super(scope, id);
    this.resource = new NetworkSecurityGroup(this, "nsg", { ...props });
    this.write();
  }

  allowOutbound(flow: Flow): void {
    this.allow("Outbound", flow);
  }

  allowInbound(flow: Flow): void {
    this.allow("Inbound", flow);
  }

  private allow(direction: "Inbound" | "Outbound", { name, from, to, port, reason, priority }: Flow): void {
    if (reason.length > LONGEST_DESCRIPTION) {
      throw new Error(`The reason of ${name} has ${reason.length} characters; Azure takes ${LONGEST_DESCRIPTION}.`);
    }
    for (const protocol of port.protocols) {
      const suffix = port.protocols.length > 1 ? `-${protocol.toLowerCase()}` : "";
      const unique = `${name}-${port.name}${suffix}`;
      if (this.rules.some((rule) => rule.name === unique)) throw new Error(`There is a rule ${unique} already.`);
      this.rules.push({
        name: unique,
        description: reason,
        direction,
        access: "Allow",
        priority: priority ?? this.nextPriority(direction),
        protocol,
        ...prefixes("source", from),
        sourcePortRange: "*",
        ...prefixes("destination", to),
        ...(port.numbers.length === 1
          ? { destinationPortRange: String(port.numbers[0]) }
          : { destinationPortRanges: port.numbers.map(String) }),
      });
    }
    this.write();
  }

  private nextPriority(direction: string): number {
    const taken = new Set(this.rules.filter((rule) => rule.direction === direction).map(({ priority }) => priority));
    let priority = FIRST_PRIORITY;
    while (taken.has(priority)) priority += STEP;
    return priority;
  }

  private write(): void {
    const rules = [...this.rules, denyAll("Inbound"), denyAll("Outbound")];
    // As Azure evaluates them.
    this.resource.putSecurityRule(rules.sort((one, other) => rank(one) - rank(other)));
  }
}

function rank({ direction, priority = 0 }: NetworkSecurityGroupSecurityRule): number {
  return (direction === "Inbound" ? 0 : LAST_PRIORITY + 1) + priority;
}

function prefixes(end: "source" | "destination", values: readonly string[]) {
  return values.length === 1 ? { [`${end}AddressPrefix`]: values[0] } : { [`${end}AddressPrefixes`]: [...values] };
}

function denyAll(direction: "Inbound" | "Outbound"): NetworkSecurityGroupSecurityRule {
  return {
    name: `deny-all-${direction.toLowerCase()}`,
    description: "What no rule above declares is denied, before Azure's defaults could allow it.",
    direction,
    access: "Deny",
    priority: LAST_PRIORITY,
    protocol: "*",
    sourceAddressPrefix: "*",
    sourcePortRange: "*",
    destinationAddressPrefix: "*",
    destinationPortRange: "*",
  };
}
