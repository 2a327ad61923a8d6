import type { SynthesizedStack } from "../../synthesized/cdktf-out";
import { firewallRulesIn } from "../../synthesized/views/firewall-rule";
import { securityRulesIn } from "../../synthesized/views/security-rule";

/** Every flow that a security group or the firewall allows, a line each: what a reviewer wants to see change, or not. */
export function networkRulesIn(stacks: readonly SynthesizedStack[]): string[] {
  const groups = securityRulesIn(stacks)
    .filter(({ access }) => access === "Allow")
    .map(
      ({ resource, group, direction, sources, destinations, protocol, ports }) =>
        `${resource.stack.name}: ${group} ${direction.toLowerCase()} ${sources.join(", ")} -> ${destinations.join(", ")} ${protocol.toLowerCase()} ${ports.join(", ")}`,
    );
  const firewall = firewallRulesIn(stacks)
    .filter(({ action }) => action !== "Deny")
    .map(
      ({ resource, sources, hosts, addresses, ports }) =>
        `${resource.stack.name}: firewall ${sources.join(", ")} -> ${[...hosts, ...addresses].join(", ")} ${ports.join(", ")}`,
    );
  return [...groups, ...firewall].sort();
}
