import { networkOf } from "../../azure-facts/arm-ids";
import { armId } from "../arm-id";
import { ChosenAddresses } from "../chosen-addresses";
import type { SynthesizedStack } from "../cdktf-out";
import { all, type Located, placeOf, referred, strings } from "../resources";
import { idIn, optionalText, partIn, partOf, partsIn, text } from "./attributes";

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
  const commands = new Map(
    all(stacks, "azurerm_virtual_machine_run_command")
      .map(partOf)
      .map((command) => [idIn(command, "virtual_machine_id"), command]),
  );
  const chosen = new ChosenAddresses(stacks);
  return all(stacks, "azurerm_linux_virtual_machine").map((resource) => {
    const interfaces = strings(resource.block, "network_interface_ids").map((value) => {
      const nic = referred(resource, value);
      if (!nic) throw new Error(`${placeOf(resource)} has the interface ${value}, which is not in its stack.`);
      return nic;
    });
    const configurations = interfaces.flatMap((nic) =>
      partsIn(partOf(nic), "ip_configuration").map((part, index) => ({ nic, part, index })),
    );
    const [first] = configurations;
    if (!first) throw new Error(`${placeOf(resource)} has no network interface.`);
    const subnetId = idIn(first.part, "subnet_id");
    const id = armId(resource);
    const command = commands.get(id);
    return {
      resource,
      id,
      addresses: configurations.map(
        ({ nic, part, index }) => optionalText(part, "private_ip_address") ?? chosen.of(armId(nic), index),
      ),
      networkId: networkOf(subnetId),
      subnetId,
      ...(command ? { script: text(partIn(command, "source"), "script") } : {}),
    };
  });
}
