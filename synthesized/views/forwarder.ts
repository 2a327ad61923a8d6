import { networkOf } from "../../azure-facts/arm-ids";
import { armId } from "../arm-id";
import type { SynthesizedStack } from "../cdktf-out";
import { all, type Located, placeOf, referred, strings } from "../resources";
import { idIn, partIn, partOf, partsIn, text } from "./attributes";

/** A DNS forwarder: a virtual machine that a run command configures. */
export interface DnsForwarder {
  /** The virtual machine. */
  readonly resource: Located;
  /** Its ARM id, in lower case. */
  readonly id: string;
  readonly addresses: readonly string[];
  /** The ARM id of the network that its interfaces are in, in lower case. */
  readonly networkId: string;
  /** The ARM id of the subnet that its first interface is in, in lower case. */
  readonly subnetId: string;
  /** What the run command runs; none where no command is declared for it. */
  readonly script?: string;
}

export function forwardersIn(stacks: readonly SynthesizedStack[]): DnsForwarder[] {
  const commands = all(stacks, "azurerm_virtual_machine_run_command");
  return all(stacks, "azurerm_linux_virtual_machine").map((resource) => {
    const interfaces = strings(resource.block, "network_interface_ids").map((value) => {
      const nic = referred(resource, value);
      if (!nic) throw new Error(`${placeOf(resource)} has the interface ${value}, which is not in its stack.`);
      return partOf(nic);
    });
    const configurations = interfaces.flatMap((nic) => partsIn(nic, "ip_configuration"));
    const [first] = configurations;
    if (!first) throw new Error(`${placeOf(resource)} has no network interface.`);
    const subnetId = idIn(first, "subnet_id");
    const id = armId(resource);
    const command = commands.find((each) => idIn(partOf(each), "virtual_machine_id") === id);
    return {
      resource,
      id,
      addresses: configurations.map((configuration) => text(configuration, "private_ip_address")),
      networkId: networkOf(subnetId),
      subnetId,
      ...(command ? { script: text(partIn(partOf(command), "source"), "script") } : {}),
    };
  });
}
