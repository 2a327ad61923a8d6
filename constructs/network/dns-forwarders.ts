import { LinuxVirtualMachine } from "@cdktf/provider-azurerm/lib/linux-virtual-machine";
import { NetworkInterface } from "@cdktf/provider-azurerm/lib/network-interface";
import { VirtualMachineRunCommand } from "@cdktf/provider-azurerm/lib/virtual-machine-run-command";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { contains } from "../../topology/cidr";
import { Connections } from "./connections";
import { forwarderCloudInit } from "./forwarder-cloud-init";
import { COMMAND_TIMEOUT, configureForwarder } from "./forwarder-configure";
import { listedZone } from "./listed-zone";
import { type ConditionalForward, namedConf } from "./named-conf";
import { FlowEnd } from "./flow-end";
import type { Placement } from "./placement";
import type { ProtectedSubnet } from "./protected-subnet";

export interface DnsForwardersProps extends Placement {
  readonly subnet: ProtectedSubnet;
  /** One static address per forwarder. */
  readonly addresses: readonly string[];
  /** One per forwarder; empty where the region has none. */
  readonly zones: readonly string[];
  /** CIDR blocks that are answered beside those of declared flows. */
  readonly clients: readonly string[];
  readonly conditionalForwards: readonly ConditionalForward[];
  /** `listed`: names that flows lead to, conditional forwards and `alsoResolve`, and no others. */
  readonly resolve: "listed" | "everything";
  /** Hosts that are answered beside those of the flows; `*.zone` for every name under a zone. */
  readonly alsoResolve: readonly string[];
  readonly sshPublicKey: string;
  readonly adminUsername: string;
  readonly vmSize: string;
  /** What must exist before the first boot: the egress, its rules and the routes to it. */
  readonly after: ITerraformDependable[];
}

/**
 * BIND on one VM per address, each in its own zone, reconfigured one after the other without replacing either. The sources of declared flows are answered, for the
 * names that flows lead to: BIND's own lists follow the declared flows.
 */
export class DnsForwarders extends Construct {
  readonly connections: Connections;
  private readonly clients: Set<string>;
  private readonly names: Set<string>;
  private readonly commands: VirtualMachineRunCommand[] = [];

  constructor(scope: Construct, id: string, props: DnsForwardersProps) {
    super(scope, id);
    const { subnet, addresses, zones, clients, conditionalForwards, resolve, alsoResolve, after } = props;
    const { sshPublicKey, adminUsername, vmSize } = props;
    const listed = resolve === "listed";
    const placement: Placement = {
      location: props.location,
      resourceGroupName: props.resourceGroupName,
      tags: props.tags,
    };
    this.clients = new Set(clients);
    this.names = new Set([...alsoResolve, ...conditionalForwards.flatMap(({ zone }) => [zone, `*.${zone}`])]);
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
        // There is no login: the output of a boot is the only diagnosis. Azure keeps it in storage of its own.
        bootDiagnostics: {},
        customData: Buffer.from(forwarderCloudInit(`0${2 + index}:00`)).toString("base64"),
        dependsOn: [...after, ...subnet.guards],
      });
      const before = this.commands.at(-1);
      const command = new VirtualMachineRunCommand(this, `configure-${index + 1}`, {
        location: placement.location,
        tags: placement.tags,
        name: "configure-bind",
        virtualMachineId: vm.id,
        source: {},
        // The script ends with a message of its own before that.
        timeouts: { create: COMMAND_TIMEOUT, update: COMMAND_TIMEOUT },
        ...(before ? { dependsOn: [before] } : {}),
      });
      this.commands.push(command);
    });
    const configure = () => {
      for (const [index, command] of this.commands.entries()) {
        const address = addresses[index] ?? "";
        command.putSource({
          script: configureForwarder({
            namedConf: namedConf({ address, clients: [...this.clients], conditionalForwards, listed }),
            ...(listed ? { listedZone: listedZone([...this.names]) } : {}),
          }),
        });
      }
    };
    configure();
    this.connections = FlowEnd.within(subnet, "dns-forwarders", addresses, {
      admits: (blocks) => {
        const new_ = blocks.filter((block) => ![...this.clients].some((client) => contains(client, block)));
        for (const block of new_) this.clients.add(block);
        if (new_.length > 0) configure();
      },
      answers: (hosts) => {
        const before = this.names.size;
        for (const host of hosts) this.names.add(host);
        if (listed && this.names.size > before) configure();
      },
    });
  }
}
