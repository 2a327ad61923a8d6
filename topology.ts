import type { TopologyInput } from "./topology/schema";

/**
 * The one file to edit: regions, address plan, names, sizes, entities.
 *
 * These are the two regions of the design document. Names of namespaces, the alias, storage accounts and function apps are
 * globally unique in Azure: change them before you deploy.
 */
export const topology: TopologyInput = {
  stamps: [
    {
      tags: { workload: "locked-down-producer-consumer", managedBy: "cdktf" },
      primary: "eastus2",
      regions: [
        {
          location: "eastus2",
          resourceGroups: {
            network: "network-eastus2-rg",
            messaging: "messaging-eastus2-rg",
            workload: "workload-eastus2-rg",
          },
          hub: {
            name: "hub-vnet",
            addressSpace: "10.0.0.0/16",
            firewallSubnet: "10.0.1.0/24",
            dnsSubnet: "10.0.2.0/24",
          },
          spoke: {
            name: "spoke-vnet",
            addressSpace: "10.1.0.0/16",
            integrationSubnet: "10.1.1.0/24",
            workloadSubnet: "10.1.2.0/24",
          },
          serviceBus: { namespace: "lockdown-pc-eastus2", messagingUnits: 1, partitions: 1 },
          storageAccount: "lockdownpceastus2",
          functionApps: { producer: "lockdown-pc-producer-eastus2", consumer: "lockdown-pc-consumer-eastus2" },
        },
        {
          location: "centralus",
          resourceGroups: {
            network: "network-centralus-rg",
            messaging: "messaging-centralus-rg",
            workload: "workload-centralus-rg",
          },
          hub: {
            name: "hub-vnet",
            addressSpace: "10.2.0.0/16",
            firewallSubnet: "10.2.1.0/24",
            dnsSubnet: "10.2.2.0/24",
          },
          spoke: {
            name: "spoke-vnet",
            addressSpace: "10.3.0.0/16",
            integrationSubnet: "10.3.1.0/24",
            workloadSubnet: "10.3.2.0/24",
          },
          serviceBus: { namespace: "lockdown-pc-centralus", messagingUnits: 1, partitions: 1 },
          storageAccount: "lockdownpccentralus",
          functionApps: { producer: "lockdown-pc-producer-centralus", consumer: "lockdown-pc-consumer-centralus" },
        },
      ],
      pairing: { alias: "lockdown-pc", state: "paired" },
      queues: [{ name: "queue1", lockDuration: "PT30S", maxSizeInMegabytes: 1024 }],
      topics: [{ name: "topic1", subscriptions: [{ name: "subscription1", lockDuration: "PT30S" }] }],
      egress: { via: "firewall" },
      forwarders: {
        // The private half of this key does not exist, and no rule allows SSH: the forwarders are managed by run command.
        // Put your own here to be able to log in once you have also opened a way.
        sshPublicKey:
          "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAICRD6i92p1mwZU8Lomqszz//1LY+pLV8tszdhGm/f3Np replace-with-your-key",
      },
      access: {
        producersInWorkloadSubnet: true,
        // One deploy agent a region, in its workload subnet: each region's zones know that region's sites only.
        deployAgents: ["10.1.2.128/28", "10.3.2.128/28"],
        // Where people on call work. Name them under principals: they may then move messages.
        operators: { ranges: ["10.1.2.144/28", "10.3.2.144/28"] },
      },
    },
  ],
};
