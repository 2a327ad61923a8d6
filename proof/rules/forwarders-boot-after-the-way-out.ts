import { all, blocks, comesAfter, placeOf, referred, strings } from "../../synthesized/resources";
import type { Rule } from "../rule";

/** Before a forwarder boots: the firewall, its rules (Ubuntu's archive among them), and the route and NSG of its subnet. */
export const forwardersBootAfterTheWayOut: Rule = {
  name: "forwarders-boot-after-the-way-out",
  why: "cloud-init runs once: on a first boot without a way out BIND is never installed, and no name resolves.",
  check: (stacks) =>
    all(stacks, "azurerm_linux_virtual_machine").flatMap((vm) => {
      const before = comesAfter(vm);
      const nic = referred(vm, strings(vm.block, "network_interface_ids")[0]);
      const subnet = nic && referred(nic, blocks(nic.block, "ip_configuration")[0]?.subnet_id);
      const needed = [
        ...all(
          [vm.stack],
          "azurerm_firewall",
          "azurerm_firewall_policy_rule_collection_group",
          "azurerm_virtual_network_gateway",
        ),
        ...all(
          [vm.stack],
          "azurerm_subnet_route_table_association",
          "azurerm_subnet_network_security_group_association",
        ).filter((association) => referred(association, association.block.subnet_id)?.id === subnet?.id),
      ];
      const hosts = new Set(
        all([vm.stack], "azurerm_firewall_policy_rule_collection_group")
          .flatMap(({ block }) => blocks(block, "application_rule_collection"))
          .flatMap((collection) => blocks(collection, "rule"))
          .flatMap((rule) => strings(rule, "destination_fqdns")),
      );
      const filtered = all([vm.stack], "azurerm_firewall").length > 0;
      return [
        ...needed
          .filter(({ type, id }) => !before.has(`${type}.${id}`))
          .map(({ type, id }) => `${placeOf(vm)} does not wait for ${type}.${id}`),
        ...["azure.archive.ubuntu.com", "security.ubuntu.com"]
          .filter((host) => filtered && !hosts.has(host))
          .map((host) => `${placeOf(vm)} cannot install: the firewall does not let ${host} pass`),
      ];
    }),
};
