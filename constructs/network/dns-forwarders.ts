import { LinuxVirtualMachine } from "@cdktf/provider-azurerm/lib/linux-virtual-machine";
import { NetworkInterface } from "@cdktf/provider-azurerm/lib/network-interface";
import { VirtualMachineRunCommand } from "@cdktf/provider-azurerm/lib/virtual-machine-run-command";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { Connections } from "./connections";
import { forwarderCloudInit } from "./forwarder-cloud-init";
import { configureForwarder } from "./forwarder-configure";
import { type ConditionalForward, namedConf } from "./named-conf";
import { Peer } from "./peer";
import type { Placement } from "./placement";
import type { ProtectedSubnet } from "./protected-subnet";

export interface DnsForwardersProps extends Placement {
  readonly subnet: ProtectedSubnet;
  /** One static address per forwarder. */
  readonly addresses: readonly string[];
  /** One per forwarder; empty where the region has none. */
  readonly zones: readonly string[];
  /** CIDR blocks that are answered. */
  readonly clients: readonly string[];
  readonly conditionalForwards: readonly ConditionalForward[];
  readonly sshPublicKey: string;
  readonly adminUsername: string;
  readonly vmSize: string;
  /** What must exist before the first boot: the way out, its rules and the routes to it. */
  readonly after: ITerraformDependable[];
}

/** BIND on one VM per address, each in its own zone, reconfigured one after the other without replacing either. */
export class DnsForwarders extends Construct {
  readonly connections: Connections;

  constructor(scope: Construct, id: string, props: DnsForwardersProps) {
    super(scope, id);
    const { subnet, addresses, zones, clients, conditionalForwards, sshPublicKey, adminUsername, vmSize, after } =
      props;
    const placement: Placement = {
      location: props.location,
      resourceGroupName: props.resourceGroupName,
      tags: props.tags,
    };
    let configuredBefore: VirtualMachineRunCommand | undefined;
    addresses.forEach((address, index) => {
      const name = `dns-forwarder-${index + 1}`;
      const nic = new NetworkInterface(this, `nic-${index + 1}`, {
        ...placement,
        name: `${name}-nic`,
        ipConfiguration: [
          { name: "static", subnetId: subnet.id, privateIpAddressAllocation: "Static", privateIpAddress: address },
        ],
      });
      const vm = new LinuxVirtualMachine(this, `vm-${index + 1}`, {
        ...placement,
        name,
        size: vmSize,
        zone: zones[index],
        networkInterfaceIds: [nic.id],
        adminUsername,
        disablePasswordAuthentication: true,
        adminSshKey: [{ username: adminUsername, publicKey: sshPublicKey }],
        secureBootEnabled: true,
        vtpmEnabled: true,
        osDisk: { name: `${name}-os`, caching: "ReadWrite", storageAccountType: "StandardSSD_LRS" },
        sourceImageReference: {
          publisher: "Canonical",
          offer: "ubuntu-24_04-lts",
          sku: "server",
          version: "latest",
        },
        customData: Buffer.from(forwarderCloudInit(`0${2 + index}:00`)).toString("base64"),
        dependsOn: [...after, ...subnet.guards],
      });
      configuredBefore = new VirtualMachineRunCommand(this, `configure-${index + 1}`, {
        location: placement.location,
        tags: placement.tags,
        name: "configure-bind",
        virtualMachineId: vm.id,
        source: { script: configureForwarder(namedConf({ address, clients, conditionalForwards })) },
        ...(configuredBefore ? { dependsOn: [configuredBefore] } : {}),
      });
    });
    this.connections = Peer.within(subnet, "dns-forwarders", addresses);
  }
}
