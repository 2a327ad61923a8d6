import { z } from "zod";
import {
  cidr,
  ddosPlanId,
  dnsZoneName,
  entityName,
  functionAppName,
  guid,
  hostPattern,
  ipAddress,
  location,
  namespaceName,
  oneOf,
  resourceGroupName,
  says,
  sshPublicKey,
  stampName,
  storageAccountName,
  storageContainerName,
  virtualNetworkName,
  vmSize,
  whole,
} from "./fields";
import { queueSchema, topicSchema } from "./messaging-schema";

const regionSchema = z.strictObject({
  location,
  zoneRedundant: z
    .boolean()
    .default(true)
    .describe("Spread firewall, forwarders, plan and storage over the region's availability zones."),
  resourceGroups: z.strictObject({
    network: resourceGroupName,
    messaging: resourceGroupName,
    workload: resourceGroupName,
  }),
  hub: z.strictObject({
    name: virtualNetworkName,
    addressSpace: cidr,
    firewallSubnet: cidr
      .optional()
      .describe("AzureFirewallSubnet, /26 or larger; needed where egress goes via the firewall."),
    gatewaySubnet: cidr.optional().describe("GatewaySubnet, /27 or larger; needed where egress goes via a gateway."),
    dnsSubnet: cidr.describe("DNSSubnet, where the BIND forwarders stand."),
  }),
  spoke: z.strictObject({
    name: virtualNetworkName,
    addressSpace: cidr,
    integrationSubnet: cidr.describe(
      "Delegated to App Service for regional VNet integration; /28 or larger, /26 advised.",
    ),
    workloadSubnet: cidr.describe("Private endpoints (its last /28) and producers; /27 or larger."),
  }),
  serviceBus: z.strictObject({
    namespace: namespaceName,
    messagingUnits: oneOf([1, 2, 4, 8, 16]).describe("Premium capacity."),
    partitions: oneOf([1, 2, 4]).describe("Premium messaging partitions. Fixed at creation."),
  }),
  storageAccount: storageAccountName.describe("The storage of the producer's Functions host, keyless."),
  consumerStorageAccount: storageAccountName
    .optional()
    .describe(
      "The consumer's: no app reads or writes what the other's host runs by. Not named: storageAccount with cn at its end.",
    ),
  functionApps: z.strictObject({ producer: functionAppName, consumer: functionAppName }),
});

const regionCount = says("one region, or two that are paired", "put further regions into a stamp of their own");

const onPremisesAddressSpaces = z.array(cidr).min(1);

const EGRESS_VIA = { error: "firewall, vpn-gateway or expressroute" };
const egressSchema = z.discriminatedUnion(
  "via",
  [
    z.strictObject({ via: z.literal("firewall") }),
    z.strictObject({
      via: z.literal("vpn-gateway"),
      sku: z.enum(["VpnGw1AZ", "VpnGw2AZ", "VpnGw3AZ", "VpnGw4AZ", "VpnGw5AZ"]).default("VpnGw2AZ"),
      onPremises: z.strictObject({
        addressSpaces: onPremisesAddressSpaces,
        deviceAddress: ipAddress.describe("Public address of the on-premises VPN device."),
      }),
    }),
    z.strictObject({
      via: z.literal("expressroute"),
      sku: z.enum(["ErGw1AZ", "ErGw2AZ", "ErGw3AZ"]).default("ErGw1AZ"),
      onPremises: z.strictObject({ addressSpaces: onPremisesAddressSpaces }),
    }),
  ],
  EGRESS_VIA,
);

const stampSchema = z.strictObject({
  name: stampName.optional().describe("Starts the names of its stacks. One stamp may go without."),
  tags: z
    .record(z.string(), z.string())
    .default({})
    .describe("On every resource that takes tags. DNS zones take 15, with plain names."),
  primary: location.describe("The region whose namespace holds the entities and gets the messages."),
  regions: z.array(regionSchema).min(1).max(2, regionCount).describe("One region, or two that are paired."),
  pairing: z
    .strictObject({
      alias: namespaceName.describe("The name producers use: <alias>.servicebus.windows.net."),
      state: z
        .enum(["paired", "failed-over", "unpaired"])
        .default("paired")
        .describe(
          "failed-over: the alias names the other namespace now; nothing is paired, everything else stays as it was, and code and workloads stay deployable. unpaired: there is no alias; the entities are the primary's.",
        ),
    })
    .optional(),
  queues: z.array(queueSchema).default([]),
  topics: z.array(topicSchema).default([]),
  refusedMessages: entityName
    .optional()
    .describe(
      "The queue that takes what process() refuses for good, with the reason. It has no trigger and takes no posts.",
    ),
  egress: egressSchema.default({ via: "firewall" }),
  forwarders: z.strictObject({
    sshPublicKey,
    adminUsername: z
      .string()
      .regex(/^[a-z][-a-z0-9_]{0,30}$/)
      .default("forwarder"),
    vmSize: vmSize.default("Standard_B2s_v2"),
    conditionalForwards: z
      .array(z.strictObject({ zone: dnsZoneName, servers: z.array(ipAddress).min(1) }))
      .default([])
      .describe("On-premises zones and the servers that answer for them."),
    resolve: z
      .enum(["listed", "everything"])
      .default("listed")
      .describe(
        "listed: the forwarders answer for what a flow leads to, conditional forwards and alsoResolve; a question for any other name stays here and is logged. everything: every name of the Internet, by which data can leave past the firewall.",
      ),
    alsoResolve: z
      .array(hostPattern)
      .default([])
      .describe("Hosts that are answered beside those; *.zone for every name under a zone."),
  }),
  access: z
    .strictObject({
      producersInWorkloadSubnet: z.boolean().default(false).describe("Hosts in workload-subnet may send and post."),
      callers: z
        .array(cidr)
        .default([])
        .describe(
          "Private ranges that may call the producer app: in workload-subnet, in the hub, or beyond, where they come by the hub's firewall or gateway.",
        ),
      senders: z
        .array(
          z.strictObject({
            principalId: guid.describe(
              "The object id of an Entra identity: a managed identity, a service principal, a group.",
            ),
            principalType: z.enum(["ServicePrincipal", "Group", "User"]).default("ServicePrincipal"),
            entities: z.array(entityName).min(1).describe("The queues and topics that it may send to."),
          }),
        )
        .default([])
        .describe("Who may send beside the producer app: Data Sender on these entities of every namespace."),
      deployAgents: z
        .array(cidr)
        .default([])
        .describe("Private ranges that may publish code to the apps of their region: where they may be, see callers."),
      deployAgentHosts: z
        .array(hostPattern)
        .default([])
        .describe(
          "Hosts that agents in workload-subnet reach on 443, beside Entra, Resource Manager and the state's storage account: GitHub, registries.",
        ),
    })
    .prefault({}),
  plan: z
    .strictObject({
      sku: z.enum(["P0v3", "P1v3", "P2v3", "P3v3"]).default("P1v3"),
      minimumWorkers: whole(1, 30).default(3),
      maximumWorkers: whole(1, 30).default(9),
      scaleOutCpuPercent: whole(10, 100).default(70),
      scaleOutActiveMessages: whole(1, 1_000_000)
        .default(1000)
        .describe(
          "Waiting messages in one entity of the region's namespace: the fullest, or one that scaleOutEntities names.",
        ),
      scaleOutEntities: z
        .array(entityName)
        .max(
          4,
          says(
            "4 entities at most",
            "name those that matter most: Azure takes ten rules a profile, two for each entity and two for the processor",
          ),
        )
        .default([])
        .describe("The queues and topics whose waiting messages count, each by itself. None: all, by the fullest."),
    })
    .prefault({}),
  authentication: z
    .strictObject({
      tenantId: guid,
      clientId: guid.describe("The app registration whose tokens the producer accepts."),
      allowedApplications: z
        .array(guid)
        .min(1)
        .optional()
        .describe("Client ids that may call; none named: any of the tenant."),
    })
    .optional(),
  requests: z
    .strictObject({
      maxItems: whole(1, 100_000).default(1_000).describe("Messages that one request to the producer may bring."),
      maxBytes: whole(1_024, 100_000_000)
        .optional()
        .describe("The largest body. Not named: room for the entities' largest message, 4 MiB at least."),
    })
    .prefault({})
    .describe("What one request may bring: the producer answers 413 to more before it parses it."),
  telemetry: z
    .strictObject({
      legacyHosts: z
        .boolean()
        .default(true)
        .describe(
          "Whether the apps reach the ingestion hosts of the time before connection strings (dc.services.visualstudio.com and others), which parts of the Functions host may still ask.",
        ),
    })
    .prefault({}),
  extensionBundlesFromCdn: z
    .boolean()
    .default(true)
    .describe(
      "The hosts load their extensions from Azure's CDN. false: the way there is closed, and the package has to bring them.",
    ),
  logRetentionDays: whole(30, 730).default(30),
  protection: z
    .strictObject({
      preventDestroy: z.boolean().default(true).describe("Terraform refuses to destroy namespaces and entities."),
      locks: z.boolean().default(false).describe("CanNotDelete locks on the network and messaging resource groups."),
    })
    .prefault({}),
  ddosProtectionPlanId: ddosPlanId.optional().describe("An existing plan; one serves a whole tenant."),
});

export const topologySchema = z.strictObject({
  $schema: z.string().optional().describe("For editors of a JSON topology: ./topology.schema.json."),
  backend: z
    .strictObject({
      resourceGroup: resourceGroupName,
      storageAccount: storageAccountName,
      container: storageContainerName,
    })
    .optional()
    .describe("Where Terraform keeps state; not named: local files."),
  stamps: z.array(stampSchema).min(1),
});

/** What a user writes: documented defaults may be left out. */
export type TopologyInput = z.input<typeof topologySchema>;
/** What everything else reads: every default filled in. */
export type Topology = z.output<typeof topologySchema>;
export type Stamp = z.output<typeof stampSchema>;
export type Region = z.output<typeof regionSchema>;
export type Egress = z.output<typeof egressSchema>;
