import { z } from "zod";
import { regionalConsumerSchema } from "./consumers-schema";
import { existingHubSchema, hubSchema } from "./hub-schema";
import {
  cidr,
  field,
  functionAppName,
  location,
  namespaceName,
  oneOf,
  resourceGroupId,
  resourceGroupName,
  storageAccountName,
  virtualNetworkName,
} from "./fields";

const resourceGroupsSchema = z.strictObject({
  network: field(
    resourceGroupName,
    "The resource group of the networks, the firewall, the forwarders and the private DNS zones.",
  ),
  messaging: field(resourceGroupName, "The resource group of the Service Bus namespace and its private endpoints."),
  workload: field(resourceGroupName, "The resource group of the function apps, their plan and their storage."),
});

const spokeSchema = z.strictObject({
  name: field(virtualNetworkName, "The name of the spoke VNet."),
  addressSpace: field(cidr, "The address space of the spoke VNet. It overlaps no other VNet of the topology."),
  integrationSubnet: field(
    cidr,
    "The subnet that is delegated to App Service for regional VNet integration: /28 or larger, /26 recommended.",
  ),
  workloadSubnet: field(
    cidr,
    "The subnet of the private endpoints, which take its last /28, and of hosts that send messages: /27 or larger.",
  ),
  monitoringSubnet: field(
    cidr.optional(),
    "The subnet of Azure Monitor's endpoint and nothing else: /27 or larger. Needed where `monitoring` is `private-link`; where two regions share their zones, in the primary's region alone.",
    { example: "10.1.3.0/27" },
  ),
});

const serviceBusSchema = z.strictObject({
  namespace: field(namespaceName, "The name of the Service Bus namespace. It is globally unique."),
  messagingUnits: field(oneOf([1, 2, 4, 8, 16]), "The capacity of the Premium namespace.", { unit: "messaging units" }),
  partitions: field(
    oneOf([1, 2, 4]),
    "The number of Premium messaging partitions. It is fixed when the namespace is created.",
    {
      unit: "partitions",
    },
  ),
});

const functionAppsSchema = z.strictObject({
  producer: field(
    functionAppName.optional(),
    "The name of the producer's function app. It is globally unique. Without it the region has consumers alone; one region of a stamp has a producer.",
  ),
  consumer: field(functionAppName, "The name of the consumer's function app. It is globally unique."),
});

export const regionSchema = z.strictObject({
  location: field(location, "The Azure region, by its programmatic name."),
  zoneRedundant: field(
    z.boolean().default(true),
    "Whether the firewall, the forwarders, the plan and the storage are spread over the region's availability zones.",
  ),
  resourceGroups: field(resourceGroupsSchema, "The names of the region's three resource groups."),
  hub: field(
    hubSchema.optional(),
    "The hub VNet that is built: the firewall or gateway, and the DNS forwarders. Each region has this, or `existingHub`.",
  ),
  existingHub: field(
    existingHubSchema.optional(),
    "A hub VNet that exists, with its filter and its DNS servers, in place of one that is built.",
  ),
  privateZonesGroupId: field(
    resourceGroupId.optional(),
    "The ARM id of the resource group whose private DNS zones keep the region's names, in place of zones that are built. Two regions may name the same group: see docs/bring-your-own.md.",
    { example: "/subscriptions/11111111-2222-3333-4444-555555555555/resourceGroups/private-dns-rg" },
  ),
  spoke: field(spokeSchema, "The spoke VNet: the function apps and the private endpoints."),
  serviceBus: field(serviceBusSchema, "The region's Service Bus namespace."),
  storageAccount: field(
    storageAccountName,
    "The storage account of the producer's Functions host. It accepts no key. In a region without a producer it only gives the consumer's its name.",
  ),
  consumerStorageAccount: field(
    storageAccountName.optional(),
    "The storage account of the consumer's Functions host. Without a value its name is `storageAccount` with `cn` at the end.",
    { example: "lockdownconsumer" },
  ),
  functionApps: field(functionAppsSchema, "The names of the region's two function apps."),
  consumers: field(
    z.array(regionalConsumerSchema).default([]),
    "The region's app of each further consumer of the stamp. Each takes four addresses before the last /28 of `workloadSubnet`.",
  ),
});
