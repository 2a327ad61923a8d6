import { comesAfter } from "../../synthesized/order";
import { all, placeOf } from "../../synthesized/resources";
import { firewallRulesIn } from "../../synthesized/views/firewall-rule";
import { forwardersIn } from "../../synthesized/views/forwarder";
import { subnetsIn } from "../../synthesized/views/subnet";
import type { ProofRule } from "../proof-rule";

const UBUNTU_ARCHIVE = ["azure.archive.ubuntu.com", "security.ubuntu.com"];

/** Before a forwarder boots: the firewall, its rules (Ubuntu's archive among them), and the route and NSG of its subnet. */
export const forwardersBootAfterEgress: ProofRule = {
  name: "forwarders-boot-after-egress",
  why: "cloud-init runs once: on a first boot without a route to the Internet BIND is never installed, and no name resolves.",
  check: (stacks) =>
    forwardersIn(stacks).flatMap(({ resource, subnetId }) => {
      const own = [resource.stack];
      const before = comesAfter(resource);
      const subnet = subnetsIn(own).find(({ id }) => id === subnetId);
      const needed = [
        ...all(
          own,
          "azurerm_firewall",
          "azurerm_firewall_policy_rule_collection_group",
          "azurerm_virtual_network_gateway",
        ),
        ...(subnet?.associations ?? []),
      ];
      const hosts = new Set(firewallRulesIn(own).flatMap((rule) => rule.hosts));
      const filtered = all(own, "azurerm_firewall").length > 0;
      return [
        ...needed
          .filter(({ address }) => !before.has(address))
          .map(({ address }) => `${placeOf(resource)} does not wait for ${address}`),
        ...UBUNTU_ARCHIVE.filter((host) => filtered && !hosts.has(host)).map(
          (host) => `${placeOf(resource)} cannot install BIND: the firewall has no rule for ${host}`,
        ),
      ];
    }),
};
