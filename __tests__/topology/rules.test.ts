import type { Mistake } from "../../topology/mistake";
import { TopologyError } from "../../topology/mistake";
import type { TopologyInput } from "../../topology/schema";
import { validate } from "../../topology/validate";
import {
  forwardersOf,
  hubOf,
  firstStamp,
  region,
  secondStamp,
  recovering,
  referenceInput,
  singleRegion,
  type RegionInput,
  type StampInput,
  viaGateway,
} from "../support/topologies";

type Change = (stamp: StampInput, input: TopologyInput) => void;

function mistakesAfter(change: Change): readonly Mistake[] {
  const input = referenceInput();
  change(firstStamp(input), input);
  try {
    validate(input);
  } catch (error) {
    if (error instanceof TopologyError) return error.mistakes;
    throw error;
  }
  return [];
}

type RuleInput = NonNullable<
  NonNullable<NonNullable<StampInput["topics"]>[number]["subscriptions"]>[number]["rules"]
>[number];

const withRule =
  (rule: Omit<RuleInput, "name">): Change =>
  (s) => {
    s.topics = [{ name: "t", subscriptions: [{ name: "s", rules: [{ name: "r", ...rule }] }] }];
  };

const EXISTING_HUB: NonNullable<RegionInput["existingHub"]> = {
  virtualNetworkId:
    "/subscriptions/11111111-2222-3333-4444-555555555555/resourceGroups/hub-rg/providers/Microsoft.Network/virtualNetworks/hub",
  addressSpaces: ["10.100.0.0/16"],
  filter: { address: "10.100.1.4", ranges: ["10.100.1.0/26"] },
  dns: { servers: ["10.100.2.4"] },
};

const ZONES = "/subscriptions/11111111-2222-3333-4444-555555555555/resourceGroups/private-dns-rg";

function ledger(addresses: string[], host = "ledger.internal.example.com") {
  return { hosts: [host], addresses, why: "Orders are booked there." };
}

function service(path: string) {
  const group = "/subscriptions/11111111-2222-3333-4444-555555555555/resourceGroups/orders-rg";
  return { resourceId: `${group}/providers/${path}`, why: "Orders are kept there." };
}

type RegionalApp = NonNullable<RegionInput["consumers"]>[number];

function billing(index: number): RegionalApp {
  return { consumer: "billing", functionApp: `billing-app-${index}`, storageAccount: `billingapp${index}` };
}

/** A further consumer of queue1. */
function withBilling(stamp: StampInput, change: (app: RegionalApp, index: number) => RegionalApp[] = (app) => [app]) {
  stamp.consumers = [{ name: "billing", takes: ["queue1"] }];
  stamp.regions.forEach((each, index) => (each.consumers = change(billing(index), index)));
}

/** Each mistake, the one path it is reported at, and a word of what is expected there. */
const CASES: readonly (readonly [what: string, change: Change, path: string, expected: string])[] = [
  // Existing hubs
  [
    "a region without a hub",
    (s) => delete region(s, 0).hub,
    "stamps[0].regions[0].hub",
    "hub, which is built, or existingHub",
  ],
  [
    "a region with two hubs",
    (s) => (region(s, 0).existingHub = EXISTING_HUB),
    "stamps[0].regions[0].existingHub",
    "one of the two",
  ],
  [
    "a hub that is built without forwarders",
    (s) => delete s.forwarders,
    "stamps[0].forwarders",
    "forwarders of the hubs",
  ],
  [
    "an existing hub with a gateway of the topology's",
    (s) => {
      viaGateway("expressroute")(s);
      delete region(s, 0).hub;
      region(s, 0).existingHub = EXISTING_HUB;
    },
    "stamps[0].egress.via",
    "an egress of its own",
  ],
  [
    "a filter outside its hub",
    (s) => {
      delete region(s, 0).hub;
      region(s, 0).existingHub = { ...EXISTING_HUB, filter: { address: "10.200.1.4", ranges: ["10.100.1.0/26"] } };
    },
    "stamps[0].regions[0].existingHub.filter.address",
    "within the hub's address spaces",
  ],
  [
    "an existing hub that overlaps a spoke",
    (s) => {
      delete region(s, 0).hub;
      region(s, 0).existingHub = { ...EXISTING_HUB, addressSpaces: ["10.0.0.0/8"] };
    },
    "stamps[0].regions[0].spoke.addressSpace",
    "a block that does not overlap 10.0.0.0/8",
  ],
  // Services, endpoints and zones of others
  [
    "a service whose endpoint has several addresses",
    (s) => (s.access = { ...s.access, privateServices: [service("Microsoft.DocumentDB/databaseAccounts/orders")] }),
    "stamps[0].access.privateServices[0].resourceId",
    "one of Microsoft.Sql/servers, Microsoft.KeyVault/vaults, Microsoft.Storage/storageAccounts",
  ],
  [
    "a storage account without its part",
    (s) => (s.access = { ...s.access, privateServices: [service("Microsoft.Storage/storageAccounts/archive")] }),
    "stamps[0].access.privateServices[0].subresource",
    "one of blob, table, queue, file, dfs",
  ],
  [
    "a vault with the part of another kind",
    (s) =>
      (s.access = {
        ...s.access,
        privateServices: [{ ...service("Microsoft.KeyVault/vaults/keys"), subresource: "sqlServer" }],
      }),
    "stamps[0].access.privateServices[0].subresource",
    "vault, or nothing",
  ],
  [
    "a service that is named twice",
    (s) =>
      (s.access = {
        ...s.access,
        privateServices: [service("Microsoft.KeyVault/vaults/keys"), service("Microsoft.KeyVault/vaults/keys")],
      }),
    "stamps[0].access.privateServices[1]",
    "another one than stamps[0].access.privateServices[0]",
  ],
  [
    "an existing endpoint within a spoke",
    (s) =>
      (s.access = {
        ...s.access,
        existingEndpoints: [{ hosts: ["a.example.com"], addresses: ["10.1.2.9"], why: "Orders are booked there." }],
      }),
    "stamps[0].access.existingEndpoints[0].addresses[0]",
    "outside the spoke",
  ],
  [
    "a name of the stamp's own among existing endpoints",
    (s) =>
      (s.access = { ...s.access, existingEndpoints: [ledger(["10.200.5.4"], "lockdown-pc.servicebus.windows.net")] }),
    "stamps[0].access.existingEndpoints[0]",
    "a name that stamps[0].regions does not have",
  ],
  [
    "the name of a service's endpoint among existing endpoints",
    (s) =>
      (s.access = {
        ...s.access,
        privateServices: [service("Microsoft.KeyVault/vaults/keys")],
        existingEndpoints: [ledger(["10.200.5.4"], "keys.vault.azure.net")],
      }),
    "stamps[0].access.existingEndpoints[0]",
    "a name that stamps[0].access.privateServices[0] does not have",
  ],
  [
    "a private name among the hosts on the Internet",
    (s) =>
      (s.access = {
        ...s.access,
        existingEndpoints: [ledger(["10.200.5.4"])],
        egress: [{ hosts: ["ledger.internal.example.com"], why: "Orders are booked there." }],
      }),
    "stamps[0].access.egress[0]",
    "one record of it",
  ],
  [
    "an existing endpoint at a public address",
    (s) => (s.access = { ...s.access, existingEndpoints: [ledger(["20.50.2.1"])] }),
    "stamps[0].access.existingEndpoints[0].addresses[0]",
    "a private address",
  ],
  [
    "an existing endpoint in a subnet of the hub's own",
    (s) => (s.access = { ...s.access, existingEndpoints: [{ ...ledger(["10.0.2.9"]), regions: ["eastus2"] }] }),
    "stamps[0].access.existingEndpoints[0].addresses[0]",
    "an address outside 10.0.2.0/24",
  ],
  [
    "an existing endpoint in the other region's hub",
    (s) => (s.access = { ...s.access, existingEndpoints: [ledger(["10.2.9.9"])] }),
    "stamps[0].access.existingEndpoints[0].addresses[0]",
    "the hub of stamps[0].regions[1]",
  ],
  [
    "an existing endpoint with an address twice",
    (s) => (s.access = { ...s.access, existingEndpoints: [ledger(["10.200.5.4", "10.200.5.4"])] }),
    "stamps[0].access.existingEndpoints[0].addresses[1]",
    "another address than",
  ],
  [
    "a vault that is named twice, once with its part",
    (s) =>
      (s.access = {
        ...s.access,
        privateServices: [
          service("Microsoft.KeyVault/vaults/keys"),
          { ...service("Microsoft.KeyVault/vaults/keys"), subresource: "vault" },
        ],
      }),
    "stamps[0].access.privateServices[1]",
    "another one than",
  ],
  [
    "one hub for two regions with zones of their own",
    (s) => {
      for (const each of s.regions) {
        delete each.hub;
        each.existingHub = EXISTING_HUB;
      }
    },
    "stamps[0].regions[1].privateZonesGroupId",
    "a network is linked to one zone of a name",
  ],
  [
    "one set of zones where a hub is built",
    (s) => {
      region(s, 0).privateZonesGroupId = ZONES;
      region(s, 1).privateZonesGroupId = ZONES.toUpperCase()
        .replace("SUBSCRIPTIONS", "subscriptions")
        .replace("RESOURCEGROUPS", "resourceGroups");
      delete region(s, 1).hub;
      region(s, 1).existingHub = EXISTING_HUB;
    },
    "stamps[0].regions[0].privateZonesGroupId",
    "a hub that is built has no way to the other region",
  ],
  [
    "private monitoring without a subnet",
    (s) => {
      s.monitoring = "private-link";
      region(s, 0).spoke.monitoringSubnet = "10.1.3.0/27";
    },
    "stamps[0].regions[1].spoke.monitoringSubnet",
    "/27 or larger, because monitoring is private-link",
  ],
  [
    "a conditional forward over a service's zone",
    (s) => {
      s.forwarders = {
        sshPublicKey: s.forwarders?.sshPublicKey ?? "",
        conditionalForwards: [{ zone: "vault.azure.net", servers: ["10.200.1.1"] }],
      };
      s.access = { ...s.access, privateServices: [service("Microsoft.KeyVault/vaults/keys")] };
    },
    "stamps[0].forwarders.conditionalForwards[0].zone",
    "only Azure's resolver answers for vault.azure.net",
  ],
  [
    "an existing endpoint with a host and port twice",
    (s) => (s.access = { ...s.access, existingEndpoints: [ledger(["10.200.5.4"]), ledger(["10.200.5.4"])] }),
    "stamps[0].access.existingEndpoints[1].ports",
    "a host, port and region that",
  ],
  [
    "the state's account among services",
    (s, input) => {
      input.backend = { resourceGroup: "rg", storageAccount: "stateacct", container: "tfstate" };
      s.access = {
        ...s.access,
        privateServices: [{ ...service("Microsoft.Storage/storageAccounts/stateacct"), subresource: "blob" }],
      };
    },
    "stamps[0].access.privateServices[0]",
    "a name that backend.storageAccount does not have",
  ],
  [
    "a monitoring subnet that is too small",
    (s) => {
      s.monitoring = "private-link";
      region(s, 0).spoke.monitoringSubnet = "10.1.3.0/28";
      region(s, 1).spoke.monitoringSubnet = "10.3.3.0/27";
    },
    "stamps[0].regions[0].spoke.monitoringSubnet",
    "/27 or larger: Azure Monitor's endpoint takes eleven addresses",
  ],
  [
    "two stamps with private monitoring in one set of zones",
    (s, input) => {
      s.monitoring = "private-link";
      region(s, 0).spoke.monitoringSubnet = "10.1.3.0/27";
      region(s, 1).spoke.monitoringSubnet = "10.3.3.0/27";
      const other = secondStamp(input, "blue", 20);
      other.monitoring = "private-link";
      region(other, 0).spoke.monitoringSubnet = "10.21.3.0/27";
      region(other, 1).spoke.monitoringSubnet = "10.23.3.0/27";
      region(s, 0).privateZonesGroupId = ZONES;
      region(other, 0).privateZonesGroupId = ZONES;
    },
    "stamps[1].monitoring",
    "public-hosts in both",
  ],
  // Consumers and producers
  [
    "a stamp without a producer",
    (s) => {
      for (const each of s.regions) delete each.functionApps.producer;
    },
    "stamps[0].regions[0].functionApps.producer",
    "a producer in one region",
  ],
  [
    "a consumer without an app in a region",
    (s) => {
      withBilling(s, (each, index) => (index === 1 ? [] : [each]));
    },
    "stamps[0].regions[1].consumers",
    "an app of the consumer billing",
  ],
  [
    "an app of a consumer that does not exist",
    (s) => (region(s, 0).consumers = [billing(0)]),
    "stamps[0].regions[0].consumers[0].consumer",
    "nothing: the stamp has no consumers beside the first",
  ],
  [
    "a consumer that takes what does not exist",
    (s) => {
      withBilling(s);
      s.consumers = [{ name: "billing", takes: ["invoices"] }];
    },
    "stamps[0].consumers[0].takes[0]",
    "a queue or <topic>/<subscription>",
  ],
  [
    "an entity with two consumers",
    (s) => {
      withBilling(s);
      s.consumers = [{ name: "billing", takes: ["queue1", "Queue1"] }];
    },
    "stamps[0].consumers[0].takes[1]",
    "one that stamps[0].consumers[0].takes[0] does not take",
  ],
  [
    "consumers that leave nothing to the first one",
    (s) => {
      withBilling(s);
      s.topics = [];
      s.access = {};
    },
    "stamps[0].consumers",
    "left to the first consumer",
  ],
  [
    "a further consumer's storage with another's name",
    (s) => {
      withBilling(s, (each) => [{ ...each, storageAccount: "lockdownpceastus2" }]);
    },
    "stamps[0].regions[0].consumers[0].storageAccount",
    "a name no other resource has",
  ],
  [
    "further consumers in a workload subnet without room for them",
    (s) => {
      withBilling(s);
      region(s, 0).spoke.workloadSubnet = "10.1.2.0/27";
      s.access = {};
    },
    "stamps[0].regions[0].spoke.workloadSubnet",
    "/26 or larger: its last /27 is for private endpoints",
  ],
  [
    "a deploy agent among the endpoints of further consumers",
    (s) => {
      withBilling(s);
      s.access = { deployAgents: ["10.1.2.224/28"] };
    },
    "stamps[0].access.deployAgents[0]",
    "endpoints of further consumers",
  ],
  [
    "a secret among a further consumer's settings",
    (s) => {
      withBilling(s);
      s.consumers = [{ name: "billing", takes: ["queue1"], appSettings: { API_KEY: "abc" } }];
    },
    "stamps[0].consumers[0].appSettings.API_KEY",
    "a Key Vault reference",
  ],
  // Own egress and app settings
  [
    "an egress host that is named twice",
    (s) => {
      const entry = { hosts: ["api.example.com"], why: "Orders are confirmed there." };
      s.access = { ...s.access, egress: [entry, { ...entry, port: 443 }] };
    },
    "stamps[0].access.egress[1].hosts[0]",
    "another host or port",
  ],
  [
    "an egress host without a reason",
    (s) => (s.access = { ...s.access, egress: [{ hosts: ["api.example.com"], why: "because" }] }),
    "stamps[0].access.egress[0].why",
    "10 to 140 characters",
  ],
  [
    "an app setting that the stacks set",
    (s) => (s.appSettings = { producer: { PRODUCER_LIMITS: "{}" } }),
    "stamps[0].appSettings.producer.PRODUCER_LIMITS",
    "neither the stacks nor App Service",
  ],
  [
    "an app setting that App Service sets",
    (s) => (s.appSettings = { consumer: { WEBSITE_RUN_FROM_PACKAGE: "0" } }),
    "stamps[0].appSettings.consumer.WEBSITE_RUN_FROM_PACKAGE",
    "neither the stacks nor App Service",
  ],
  [
    "an app setting with a name that App Service refuses",
    (s) => (s.appSettings = { consumer: { "my-setting": "1" } }),
    "stamps[0].appSettings.consumer.my-setting",
    "letters, digits, dots and underscores",
  ],
  [
    "a secret by its name",
    (s) => (s.appSettings = { consumer: { API_KEY: "abc123" } }),
    "stamps[0].appSettings.consumer.API_KEY",
    "a Key Vault reference",
  ],
  [
    "a secret by its value",
    (s) => (s.appSettings = { consumer: { DATABASE: "Server=tcp:db;User=me;Password=hunter2" } }),
    "stamps[0].appSettings.consumer.DATABASE",
    "a Key Vault reference",
  ],
  [
    "a Key Vault reference that App Service cannot read",
    (s) => (s.appSettings = { consumer: { API_KEY: "@Microsoft.KeyVault(my-vault/api-key)" } }),
    "stamps[0].appSettings.consumer.API_KEY",
    "SecretUri=https://",
  ],
  [
    "a workspace that is no workspace",
    (s) => (s.logAnalyticsWorkspaceId = "central"),
    "stamps[0].logAnalyticsWorkspaceId",
    "the ARM id of a Log Analytics workspace",
  ],
  // Fields
  [
    "a namespace of five characters",
    (s) => (region(s, 0).serviceBus.namespace = "short"),
    "stamps[0].regions[0].serviceBus.namespace",
    "6–50",
  ],
  [
    "a namespace that ends with -mgmt",
    (s) => (region(s, 0).serviceBus.namespace = "messages-mgmt"),
    "stamps[0].regions[0].serviceBus.namespace",
    "-mgmt",
  ],
  [
    "a storage account with capitals",
    (s) => (region(s, 0).storageAccount = "MyStorage"),
    "stamps[0].regions[0].storageAccount",
    "lower-case",
  ],
  [
    "a storage account of 25 characters",
    (s) => (region(s, 0).storageAccount = "a".repeat(25)),
    "stamps[0].regions[0].storageAccount",
    "3–24",
  ],
  [
    "a function app of 33 characters",
    (s) => (region(s, 0).functionApps.producer = "a".repeat(33)),
    "stamps[0].regions[0].functionApps.producer",
    "2–32",
  ],
  [
    "a resource group that ends with a dot",
    (s) => (region(s, 0).resourceGroups.network = "group."),
    "stamps[0].regions[0].resourceGroups.network",
    "dot",
  ],
  [
    "an alias with an underscore",
    (s) => s.pairing && (s.pairing.alias = "under_score"),
    "stamps[0].pairing.alias",
    "hyphens",
  ],
  [
    "an unknown region",
    (s) => (region(s, 1).location = "atlantis" as "eastus"),
    "stamps[0].regions[1].location",
    "public Azure region",
  ],
  [
    "a CIDR with host bits",
    (s) => (hubOf(s, 0).dnsSubnet = "10.0.2.1/24"),
    "stamps[0].regions[0].hub.dnsSubnet",
    "host bits",
  ],
  [
    "three partitions",
    (s) => (region(s, 0).serviceBus.partitions = 3 as 4),
    "stamps[0].regions[0].serviceBus.partitions",
    "1, 2, 4",
  ],
  [
    "three messaging units",
    (s) => (region(s, 0).serviceBus.messagingUnits = 3 as 4),
    "stamps[0].regions[0].serviceBus.messagingUnits",
    "1, 2, 4, 8, 16",
  ],
  [
    "a lock of ten minutes",
    (s) => (s.queues = [{ name: "q", lockDuration: "PT10M" }]),
    "stamps[0].queues[0].lockDuration",
    "300 s",
  ],
  ["an entity with a slash", (s) => (s.queues = [{ name: "a/b" }]), "stamps[0].queues[0].name", "no slash"],
  ["an unknown key", (s) => Object.assign(s, { colour: "blue" }), "stamps[0].colour", "topology.schema.json"],
  [
    "a private SSH key",
    (s) => (forwardersOf(s).sshPublicKey = "-----BEGIN OPENSSH PRIVATE KEY-----"),
    "stamps[0].forwarders.sshPublicKey",
    "public key",
  ],
  [
    "a short RSA key",
    (s) => (forwardersOf(s).sshPublicKey = "ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAAAgQ"),
    "stamps[0].forwarders.sshPublicKey",
    "2048",
  ],
  [
    "an unknown way out",
    (s) => (s.egress = { via: "teleport" as "firewall" }),
    "stamps[0].egress.via",
    "firewall, vpn-gateway or expressroute",
  ],
  ["a tilde in a queue's name", (s) => (s.queues = [{ name: "a~b" }]), "stamps[0].queues[0].name", "tilde"],
  ["a tilde in a topic's name", (s) => (s.topics = [{ name: "a~b" }]), "stamps[0].topics[0].name", "tilde"],
  [
    "a region misspelt",
    (s) => (region(s, 1).location = "centrallus" as "centralus"),
    "stamps[0].regions[1].location",
    "public Azure region",
  ],
  [
    "three regions in a stamp",
    (s) => s.regions.push(structuredClone(region(s, 1))),
    "stamps[0].regions",
    "two that are paired",
  ],
  ["no stamp", (_, input) => (input.stamps = []), "stamps", "1 or more"],
  // Rules over several fields, one file each in topology/rules
  ["a tag with a space", (s) => (s.tags = { "cost center": "1" }), 'stamps[0].tags["cost center"]', "DNS zones"],
  ["a tag with a colon", (s) => (s.tags = { "a:b": "1" }), 'stamps[0].tags["a:b"]', "DNS zones"],
  [
    "a tag that starts with a digit",
    (s) => (s.tags = { "1st": "1" }),
    'stamps[0].tags["1st"]',
    "starting with a letter",
  ],
  ["a tag of Azure's", (s) => (s.tags = { AzureOwner: "1" }), "stamps[0].tags.AzureOwner", "not with microsoft"],
  ["a tag name of 129", (s) => (s.tags = { ["a".repeat(129)]: "1" }), `stamps[0].tags.${"a".repeat(129)}`, "1–128"],
  ["a tag value of 257", (s) => (s.tags = { a: "1".repeat(257) }), "stamps[0].tags.a", "256 at most"],
  ["two tags that differ in case", (s) => (s.tags = { owner: "a", Owner: "b" }), "stamps[0].tags.Owner", "ignore case"],
  [
    "sixteen tags",
    (s) => (s.tags = Object.fromEntries(Array.from({ length: 16 }, (_, index) => [`tag${index}`, "x"]))),
    "stamps[0].tags",
    "15 at most",
  ],
  [
    "hub and spoke of one name",
    (s) => (region(s, 0).spoke.name = "HUB-vnet"),
    "stamps[0].regions[0].spoke.name",
    "one resource group",
  ],
  ...(
    [
      ["10.0.2.5", "its own forwarder"],
      ["10.2.2.4", "the other region's forwarder"],
      ["127.0.0.53", "loopback"],
      ["0.0.0.0", "no address"],
      ["168.63.129.16", "Azure's resolver"],
      ["169.254.169.254", "a link-local address"],
    ] as const
  ).map(
    ([server, what]) =>
      [
        `a zone forwarded to ${what}`,
        (s: StampInput) => (forwardersOf(s).conditionalForwards = [{ zone: "corp.example.com", servers: [server] }]),
        "stamps[0].forwarders.conditionalForwards[0].servers[0]",
        "answers for the zone itself",
      ] as const,
  ),
  [
    "a chain of five forwards",
    (s) => (s.queues = ["a", "b", "c", "d", "e", "f"].map((name, index, all) => ({ name, forwardTo: all[index + 1] }))),
    "stamps[0].queues[4].forwardTo",
    "4 hops at most",
  ],
  [
    "a chain of five forwards through a topic and dead letters",
    (s) => {
      s.queues = [
        { name: "a", forwardTo: "t" },
        { name: "b", forwardTo: "c" },
        { name: "c", forwardDeadLetteredMessagesTo: "d" },
        { name: "d", forwardTo: "e" },
        { name: "e" },
      ];
      s.topics = [{ name: "t", subscriptions: [{ name: "s", forwardTo: "b" }] }];
    },
    "stamps[0].queues[3].forwardTo",
    "4 hops at most",
  ],
  [
    "forwarding to a queue that is paused",
    (s) =>
      (s.queues = [
        { name: "a", forwardTo: "b" },
        { name: "b", status: "Disabled" },
      ]),
    "stamps[0].queues[0].forwardTo",
    "an entity that takes messages",
  ],
  [
    "dead letters forwarded to a queue that takes none",
    (s) =>
      (s.queues = [
        { name: "a", forwardDeadLetteredMessagesTo: "b" },
        { name: "b", status: "SendDisabled" },
      ]),
    "stamps[0].queues[0].forwardDeadLetteredMessagesTo",
    "an entity that takes messages",
  ],
  [
    "more queues than a messaging unit holds",
    (s) => (s.queues = Array.from({ length: 1000 }, (_, index) => ({ name: `q${index}` }))),
    "stamps[0].queues",
    "1000 at most",
  ],
  [
    "more subscriptions than a topic has",
    (s) =>
      (s.topics = [{ name: "t", subscriptions: Array.from({ length: 2001 }, (_, index) => ({ name: `s${index}` })) }]),
    "stamps[0].topics[0].subscriptions",
    "2000 at most",
  ],
  [
    "refused messages without a queue",
    (s) => (s.refusedMessages = "nowhere"),
    "stamps[0].refusedMessages",
    "a queue of this stamp",
  ],
  [
    "refused messages in a queue with sessions",
    (s) => {
      s.queues?.push({ name: "refused", requiresSession: true });
      s.refusedMessages = "refused";
    },
    "stamps[0].refusedMessages",
    "without sessions",
  ],
  [
    "one sender twice",
    (s) => {
      const principalId = "99999999-8888-7777-6666-55555555555A";
      s.access = {
        senders: [
          { principalId, entities: ["queue1"] },
          { principalId: principalId.toLowerCase(), entities: ["topic1"] },
        ],
      };
    },
    "stamps[0].access.senders[1].principalId",
    "another one than",
  ],
  [
    "a sender to one entity twice",
    (s) =>
      (s.access = {
        senders: [{ principalId: "99999999-8888-7777-6666-555555555555", entities: ["queue1", "QUEUE1"] }],
      }),
    "stamps[0].access.senders[0].entities[1]",
    "another one than",
  ],
  [
    "a sender to an entity that is not there",
    (s) =>
      (s.access = {
        senders: [{ principalId: "99999999-8888-7777-6666-555555555555", entities: ["queue1", "other"] }],
      }),
    "stamps[0].access.senders[0].entities[1]",
    "a queue or topic of this stamp",
  ],
  [
    "an operator who is a sender, too",
    (s) => {
      const principalId = "99999999-8888-7777-6666-555555555555";
      s.access = { senders: [{ principalId, entities: ["queue1"] }], operators: { principals: [{ principalId }] } };
    },
    "stamps[0].access.operators.principals[0].principalId",
    "another one than stamps[0].access.senders[0].principalId",
  ],
  [
    "an operator of an entity that is not there",
    (s) =>
      (s.access = {
        operators: { principals: [{ principalId: "99999999-8888-7777-6666-555555555555", entities: ["other"] }] },
      }),
    "stamps[0].access.operators.principals[0].entities[0]",
    "a queue or topic of this stamp",
  ],
  [
    "operators among the private endpoints",
    (s) => (s.access = { operators: { ranges: ["10.1.2.240/29"] } }),
    "stamps[0].access.operators.ranges[0]",
    "the private endpoints",
  ],
  [
    "operators with public addresses",
    (s) => (s.access = { operators: { ranges: ["8.8.8.0/28"] } }),
    "stamps[0].access.operators.ranges[0]",
    "a block within",
  ],
  [
    "operators' ranges that overlap",
    (s) => (s.access = { operators: { ranges: ["10.1.2.144/28", "10.1.2.144/29"] } }),
    "stamps[0].access.operators.ranges[1]",
    "a range that does not overlap",
  ],
  ...(
    [
      [{ sqlFilter: "color == 'red'" }, "sqlFilter", "= found at character 8"],
      [{ sqlFilter: "color = 'red" }, "sqlFilter", "closing quote at character 9"],
      [{ sqlFilter: "color = AND" }, "sqlFilter", "AND found at character 9"],
      [{ sqlFilter: "sys.Colour = 'red'" }, "sqlFilter", "no system property"],
      [{ sqlFilter: "1=1", action: "SET = 3" }, "action", "= found at character 5"],
    ] as const
  ).map(
    ([rule, key, expected]) =>
      [
        `the ${key} ${rule.sqlFilter} ${"action" in rule ? rule.action : ""}`,
        (s: StampInput) =>
          (s.topics = [{ name: "t", subscriptions: [{ name: "s", rules: [{ name: "r", ...rule }] }] }]),
        `stamps[0].topics[0].subscriptions[0].rules[0].${key}`,
        expected,
      ] as const,
  ),
  [
    "two stamps without a name",
    (_, input) => delete secondStamp(input, "blue", 4).name,
    "stamps[1].name",
    "a name of its own",
  ],
  ["a primary that is no region", (s) => (s.primary = "westeurope"), "stamps[0].primary", "one of its regions"],
  [
    "one region twice",
    (s) => (region(s, 1).location = "eastus2"),
    "stamps[0].regions[1].location",
    "two different regions",
  ],
  ["two regions without a pairing", (s) => delete s.pairing, "stamps[0].pairing", "an alias"],
  ["a pairing of one region", (s) => s.regions.pop(), "stamps[0].pairing", "nothing"],
  [
    "zones in a region without",
    (s) => (region(s, 1).location = "northcentralus"),
    "stamps[0].regions[1].zoneRedundant",
    "no availability zones",
  ],
  [
    "a public address space",
    (s) =>
      Object.assign(region(s, 0).spoke, {
        addressSpace: "20.1.0.0/16",
        integrationSubnet: "20.1.1.0/24",
        workloadSubnet: "20.1.2.0/24",
      }),
    "stamps[0].regions[0].spoke.addressSpace",
    "RFC 1918",
  ],
  ["a public caller", (s) => (s.access = { callers: ["20.0.0.0/24"] }), "stamps[0].access.callers[0]", "RFC 1918"],
  [
    "a firewall subnet of /27",
    (s) => (hubOf(s, 0).firewallSubnet = "10.0.1.0/27"),
    "stamps[0].regions[0].hub.firewallSubnet",
    "/26",
  ],
  [
    "an integration subnet of /29",
    (s) => (region(s, 0).spoke.integrationSubnet = "10.1.1.0/29"),
    "stamps[0].regions[0].spoke.integrationSubnet",
    "/28",
  ],
  [
    "a workload subnet of /28",
    (s) => (region(s, 0).spoke.workloadSubnet = "10.1.2.0/28"),
    "stamps[0].regions[0].spoke.workloadSubnet",
    "/27",
  ],
  [
    "a subnet outside its VNet",
    (s) => (region(s, 0).spoke.workloadSubnet = "10.9.2.0/24"),
    "stamps[0].regions[0].spoke.workloadSubnet",
    "within 10.1.0.0/16",
  ],
  [
    "subnets that overlap",
    (s) => (region(s, 0).spoke.workloadSubnet = "10.1.1.128/25"),
    "stamps[0].regions[0].spoke.workloadSubnet",
    "that does not overlap 10.1.1.0/24",
  ],
  [
    "spokes that overlap",
    (s) => (region(s, 1).spoke = { ...region(s, 0).spoke }),
    "stamps[0].regions[1].spoke.addressSpace",
    "that does not overlap 10.1.0.0/16",
  ],
  [
    "on-premises that overlap",
    (s) => {
      viaGateway("expressroute")(s);
      s.egress = { via: "expressroute", onPremises: { addressSpaces: ["10.1.0.0/20"] } };
    },
    "stamps[0].regions[0].spoke.addressSpace",
    "that does not overlap 10.1.0.0/20",
  ],
  [
    "no subnet for the firewall",
    (s) => delete hubOf(s, 0).firewallSubnet,
    "stamps[0].regions[0].hub.firewallSubnet",
    "egress goes via firewall",
  ],
  [
    "a gateway subnet beside the firewall",
    (s) => (hubOf(s, 0).gatewaySubnet = "10.0.3.0/24"),
    "stamps[0].regions[0].hub.gatewaySubnet",
    "nothing",
  ],
  [
    "callers in another subnet of the spoke",
    (s) => (s.access = { callers: ["10.1.1.0/25"] }),
    "stamps[0].access.callers[0]",
    "within 10.1.2.0/24",
  ],
  [
    "callers that include the hub",
    (s) => (s.access = { callers: ["10.0.0.0/8"] }),
    "stamps[0].access.callers[0]",
    "or one that does not overlap",
  ],
  [
    "agents among the private endpoints",
    (s) => (s.access = { deployAgents: ["10.1.2.240/29"] }),
    "stamps[0].access.deployAgents[0]",
    "that does not overlap 10.1.2.240/28",
  ],
  [
    "agents among the forwarders",
    (s) => (s.access = { deployAgents: ["10.0.2.0/28"] }),
    "stamps[0].access.deployAgents[0]",
    "that does not overlap 10.0.2.0/24",
  ],
  [
    "callers that overlap",
    (s) => (s.access = { callers: ["192.168.0.0/16", "192.168.1.0/24"] }),
    "stamps[0].access.callers[1]",
    "that does not overlap 192.168.0.0/16",
  ],
  [
    "one server twice",
    (s) =>
      (forwardersOf(s).conditionalForwards = [{ zone: "corp.example.com", servers: ["192.168.0.10", "192.168.0.10"] }]),
    "stamps[0].forwarders.conditionalForwards[0].servers[1]",
    "another server than",
  ],
  [
    "a queue of refused messages that is smaller than what it has to take",
    (s) => {
      s.queues = [{ name: "refused" }, { name: "queue1", maxMessageSizeInKilobytes: 2048 }];
      s.refusedMessages = "refused";
    },
    "stamps[0].queues[0].maxMessageSizeInKilobytes",
    "2048 or more, as queue1 takes",
  ],
  [
    "an action without a statement",
    withRule({ sqlFilter: "1=1", action: " " }),
    "stamps[0].topics[0].subscriptions[0].rules[0].action",
    "SET or REMOVE expected",
  ],
  [
    "a condition that is empty",
    withRule({ correlationFilter: { label: "" } }),
    "stamps[0].topics[0].subscriptions[0].rules[0].correlationFilter.label",
    "not empty",
  ],
  [
    "a condition on no property",
    withRule({ correlationFilter: { properties: {} } }),
    "stamps[0].topics[0].subscriptions[0].rules[0].correlationFilter.properties",
    "one application property or more",
  ],
  [
    "one zone forwarded twice",
    (s) =>
      (forwardersOf(s).conditionalForwards = [
        { zone: "corp.example.com", servers: ["192.168.0.10"] },
        { zone: "corp.example.com", servers: ["192.168.0.11"] },
      ]),
    "stamps[0].forwarders.conditionalForwards[1].zone",
    "does not have",
  ],
  [
    "a zone of Azure's sent to on-premises",
    (s) => (forwardersOf(s).conditionalForwards = [{ zone: "windows.net", servers: ["192.168.0.10"] }]),
    "stamps[0].forwarders.conditionalForwards[0].zone",
    "only Azure's resolver answers",
  ],
  [
    "one namespace twice",
    (s) => (region(s, 1).serviceBus.namespace = "lockdown-pc-eastus2"),
    "stamps[0].regions[1].serviceBus.namespace",
    "no other resource",
  ],
  [
    "an alias equal to a namespace",
    (s) => s.pairing && (s.pairing.alias = "Lockdown-PC-eastus2"),
    "stamps[0].pairing.alias",
    "no other resource",
  ],
  [
    "one function app twice",
    (s) => (region(s, 0).functionApps.consumer = region(s, 0).functionApps.producer ?? ""),
    "stamps[0].regions[0].functionApps.consumer",
    "no other resource",
  ],
  [
    "the backend's account for the hosts",
    (s, input) =>
      (input.backend = {
        resourceGroup: "state-rg",
        storageAccount: region(s, 0).storageAccount,
        container: "tfstate",
      }),
    "backend.storageAccount",
    "no other resource",
  ],
  [
    "one resource group twice",
    (s) => (region(s, 1).resourceGroups.network = "network-eastus2-rg"),
    "stamps[0].regions[1].resourceGroups.network",
    "of its own",
  ],
  [
    "fewer units than partitions",
    (s) => {
      s.regions.forEach((each) => (each.serviceBus = { ...each.serviceBus, partitions: 2 }));
    },
    "stamps[0].regions[0].serviceBus.messagingUnits",
    "a multiple of partitions",
  ],
  [
    "a recovery while the alias names the other namespace",
    (s) => {
      recovering("unpaired")(s);
      if (s.pairing) s.pairing.state = "failed-over";
    },
    "stamps[0].pairing.state",
    '"unpaired" or "paired"',
  ],
  [
    "a recovery from the primary",
    (s) => s.pairing && (s.pairing.recovery = { from: "lockdown-pc-eastus2" }),
    "stamps[0].pairing.recovery.from",
    '"lockdown-pc-centralus", the namespace of the region that is not the primary',
  ],
  [
    "a recovery from a namespace that no region has",
    (s) => s.pairing && (s.pairing.recovery = { from: "lockdown-pc-centralu" }),
    "stamps[0].pairing.recovery.from",
    "the namespace of the region that is not the primary",
  ],
  [
    "a recovery with a new namespace, which no region names",
    (s) => s.pairing && (s.pairing.recovery = { from: "lockdown-pc-centralus", partner: "new" }),
    "stamps[0].pairing.recovery.from",
    "a namespace that no region has any more",
  ],
  [
    "a pairing of unlike partitions",
    (s) => Object.assign(region(s, 1).serviceBus, { partitions: 2, messagingUnits: 2 }),
    "stamps[0].regions[1].serviceBus.partitions",
    "paired namespaces must have equal values",
  ],
  ["one queue twice", (s) => (s.queues = [{ name: "q" }, { name: "Q" }]), "stamps[0].queues[1].name", "does not have"],
  ["a topic named as a queue", (s) => (s.topics = [{ name: "queue1" }]), "stamps[0].topics[0].name", "does not have"],
  [
    "one subscription twice",
    (s) => (s.topics = [{ name: "t", subscriptions: [{ name: "s" }, { name: "s" }] }]),
    "stamps[0].topics[0].subscriptions[1].name",
    "does not have",
  ],
  [
    "forwarding to nowhere",
    (s) => (s.queues = [{ name: "q", forwardTo: "nowhere" }]),
    "stamps[0].queues[0].forwardTo",
    "another queue or topic",
  ],
  [
    "forwarding in a loop",
    (s) =>
      (s.queues = [
        { name: "p", forwardTo: "q" },
        { name: "q", forwardTo: "p" },
      ]),
    "stamps[0].queues[0].forwardTo",
    "does not forward back",
  ],
  [
    "forwarding with sessions",
    (s) => (s.queues = [{ name: "p", forwardTo: "q", requiresSession: true }, { name: "q" }]),
    "stamps[0].queues[0].forwardTo",
    "requires sessions",
  ],
  [
    "a rule of two filters",
    (s) =>
      (s.topics = [
        {
          name: "t",
          subscriptions: [{ name: "s", rules: [{ name: "r", sqlFilter: "1=1", correlationFilter: { label: "x" } }] }],
        },
      ]),
    "stamps[0].topics[0].subscriptions[0].rules[0]",
    "one filter",
  ],
  [
    "an empty correlation filter",
    (s) => (s.topics = [{ name: "t", subscriptions: [{ name: "s", rules: [{ name: "r", correlationFilter: {} }] }] }]),
    "stamps[0].topics[0].subscriptions[0].rules[0]",
    "at least one condition",
  ],
  [
    "four workers over three zones",
    (s) => (s.plan = { minimumWorkers: 4 }),
    "stamps[0].plan.minimumWorkers",
    "a multiple of 3",
  ],
  [
    "five entities to scale by",
    (s) => (s.plan = { scaleOutEntities: ["queue1", "topic1", "a", "b", "c"] }),
    "stamps[0].plan.scaleOutEntities",
    "4 entities at most",
  ],
  [
    "an entity to scale by that is not there",
    (s) => (s.plan = { scaleOutEntities: ["other"] }),
    "stamps[0].plan.scaleOutEntities[0]",
    "a queue or topic of this stamp",
  ],
  [
    "lists that no app setting holds",
    (s) => (s.queues = Array.from({ length: 900 }, (_, index) => ({ name: `${"long-name-".repeat(4)}${index}` }))),
    "stamps[0]",
    "30000 at most",
  ],
  [
    "a maximum below the minimum",
    (s) => (s.plan = { minimumWorkers: 6, maximumWorkers: 3 }),
    "stamps[0].plan.maximumWorkers",
    "6 (minimumWorkers) or more",
  ],
];

test.each(CASES)("%s is a mistake", (_, change, path, expected) => {
  const mistakes = mistakesAfter(change);
  expect(mistakes.map((mistake) => mistake.path)).toContain(path);
  const mistake = mistakes.find((candidate) => candidate.path === path && candidate.expected.includes(expected));
  expect(mistake).toBeDefined();
  expect(mistake?.got).not.toBe("");
  expect(mistake?.fix).not.toBe("");
});

test("the reference topology and its variants have none", () => {
  for (const change of [() => undefined, singleRegion, viaGateway("vpn-gateway"), viaGateway("expressroute")]) {
    expect(mistakesAfter(change)).toEqual([]);
  }
  expect(mistakesAfter((_, input) => secondStamp(input, "blue", 4))).toEqual([]);
});

test("stamps that overlap are a mistake", () => {
  const paths = mistakesAfter((_, input) => secondStamp(input, "blue", 0)).map(({ path }) => path);
  expect(paths).toContain("stamps[1].regions[0].hub.addressSpace");
  expect(paths).toContain("stamps[1].regions[1].spoke.addressSpace");
});

test("one mistake hides no other: all are reported at once", () => {
  const mistakes = mistakesAfter((stamp, input) => {
    hubOf(stamp, 0).dnsSubnet = "not a block";
    region(stamp, 1).location = "Central US" as "centralus";
    region(stamp, 1).serviceBus.namespace = "lockdown-pc-eastus2";
    stamp.queues = [{ name: "q" }, { name: "q" }];
    Object.assign(input, { extra: true });
  });
  expect(mistakes.map(({ path }) => path)).toEqual([
    "stamps[0].regions[0].hub.dnsSubnet",
    "stamps[0].regions[1].location",
    "extra",
    "stamps[0].regions[1].serviceBus.namespace",
    "stamps[0].queues[1].name",
  ]);
});

test("no false mistake comes of another", () => {
  const only = (change: Change) => mistakesAfter(change).map(({ path }) => path);
  expect(only((s) => s.regions.push(...s.regions))).toEqual(["stamps[0].regions"]);
  expect(only((s) => (s.regions = []))).toEqual(["stamps[0].regions"]);
  expect(only((s) => (s.pairing = "alias" as never))).toEqual(["stamps[0].pairing"]);
  expect(only((s) => (s.egress = "firewall" as never))).toEqual(["stamps[0].egress"]);
  expect(only((s) => (s.plan = { minimumWorkers: "2" as never, maximumWorkers: 2 }))).toEqual([
    "stamps[0].plan.minimumWorkers",
  ]);
  expect(only((s) => (region(s, 0).zoneRedundant = "no" as never))).toEqual(["stamps[0].regions[0].zoneRedundant"]);
  expect(
    only((s) => {
      s.queues = {} as never;
      s.topics = [{ name: "t", subscriptions: [{ name: "s", forwardTo: "queue1" }] }];
    }),
  ).toEqual(["stamps[0].queues"]);
  // What is set to undefined is not given.
  expect(only((s) => (s.queues = undefined))).toEqual([]);
  // A broken entity may be the one that another names.
  expect(
    only((s) => {
      s.queues = [{ name: "bad name" }];
      s.topics = [{ name: "t", subscriptions: [{ name: "s", forwardTo: "queue1" }] }];
      s.access = { senders: [{ principalId: "11111111-1111-1111-1111-111111111111", entities: ["queue1"] }] };
      s.plan = { scaleOutEntities: ["queue1"] };
      s.refusedMessages = "queue1";
    }),
  ).toEqual(["stamps[0].queues[0].name"]);
  expect(
    only((s) => {
      (s as unknown as Record<string, unknown>).queuez = s.queues;
      delete s.queues;
      s.plan = { scaleOutEntities: ["queue1"] };
    }),
  ).toEqual(["stamps[0].queuez"]);
  expect(only((s) => (hubOf(s, 0).firewallSubnet = 1 as never))).toEqual(["stamps[0].regions[0].hub.firewallSubnet"]);
  expect(only((s) => (s.logRetentionDays = 1.5))).toEqual(["stamps[0].logRetentionDays"]);
  // A misspelt key is one mistake, not two.
  expect(
    only((s) => {
      const hub = region(s, 0).hub as unknown as Record<string, unknown>;
      hub.adressSpace = hub.addressSpace;
      delete hub.addressSpace;
    }),
  ).toEqual(["stamps[0].regions[0].hub.adressSpace"]);
});

test("a misspelt key or region is met with what it probably means", () => {
  const fixes = (change: Change) => mistakesAfter(change).map(({ fix }) => fix);
  expect(fixes((s) => (s.queues = [{ name: "q", lockDurration: "PT1M" } as never]))).toEqual([
    "did you mean lockDuration?",
  ]);
  expect(fixes((s) => Object.assign(s.egress ?? {}, { onPremise: 1 }))).toEqual(["did you mean onPremises?"]);
  // Letters or parts in another order.
  expect(fixes((s) => (s.queues = [{ nmae: "q" } as never]))).toEqual(["did you mean name?"]);
  for (const [wrong, right] of [
    ["hbu", "hub"],
    ["spoek", "spoke"],
  ] as const) {
    expect(
      fixes((s) => {
        const misspelt = Object.entries(region(s, 0)).map(([key, value]) => [
          key === right ? wrong : key,
          value as unknown,
        ]);
        s.regions[0] = Object.fromEntries(misspelt) as never;
      }),
    ).toEqual([`did you mean ${right}?`]);
  }
  expect(fixes((s) => (region(s, 1).location = "useast2" as never)).join()).toContain("did you mean eastus2?");
  expect(fixes((s) => Object.assign(s, { zebra: 1 }))).toEqual(["correct its spelling, or remove it"]);
  expect(fixes((s) => (region(s, 1).location = "westeuorpe" as never)).join()).toContain("did you mean westeurope?");
  expect(fixes((s) => (region(s, 1).location = "Central US" as never)).join()).toContain("did you mean centralus?");
});

test.each([null, "eastus2", 7, true, [], Promise.resolve({})])(
  "a region that is %p is one mistake: whether the primary is among the others is unknown",
  (broken) => {
    const only = (change: Change) => mistakesAfter(change).map(({ path }) => path);
    for (const index of [0, 1]) {
      expect(only((s) => (s.regions[index] = broken as never))).toEqual([`stamps[0].regions[${index}]`]);
    }
    expect(only((s) => (s.regions = [broken as never]))).toEqual(["stamps[0].regions[0]"]);
  },
);

test.each([
  ["a function", () => ({ stamps: [] })],
  ["a promise", Promise.resolve({ stamps: [] })],
])("an export that is %s is one mistake", (got, topology) => {
  let thrown: unknown;
  try {
    validate(topology as unknown as TopologyInput);
  } catch (error) {
    thrown = error;
  }
  expect(thrown).toMatchObject({ mistakes: [{ path: "(the topology itself)", got }] });
});

test.each([
  ["a function", () => []],
  ["a promise", Promise.resolve([])],
])("within a topology %s is one mistake, at its place", (got, value) => {
  expect(mistakesAfter((s) => (s.queues = value as never))).toMatchObject([{ path: "stamps[0].queues", got }]);
  expect(mistakesAfter((_, input) => (input.stamps[0] = value as never))).toMatchObject([{ path: "stamps[0]", got }]);
});

test("forwards that part and meet again many times are followed once each", () => {
  const layers = 4;
  const wide = 60;
  const at = (layer: number, index: number) => `q-${layer}-${index}`;
  const mistakes = mistakesAfter((s) => {
    s.topics = [];
    s.queues = [{ name: "queue1" }];
    for (let layer = 0; layer < layers; layer += 1) {
      s.topics.push({
        name: `t-${layer}`,
        subscriptions: Array.from({ length: wide }, (_, index) => ({
          name: `s-${index}`,
          forwardTo: at(layer, index),
        })),
      });
      for (let index = 0; index < wide; index += 1) {
        s.queues.push({ name: at(layer, index), ...(layer + 1 < layers ? { forwardTo: `t-${layer + 1}` } : {}) });
      }
    }
  });
  expect(mistakes.every(({ expected }) => expected.includes("4 hops"))).toBe(true);
  expect(mistakes.length).toBeGreaterThan(0);
});

test("values that JSON cannot hold are shown, not thrown at", () => {
  const loop: Record<string, unknown> = {};
  loop.loop = loop;
  expect(mistakesAfter((s) => (s.logRetentionDays = 30n as never)).map(({ got }) => got)).toEqual(["30"]);
  expect(mistakesAfter((s) => (s.tags = loop as never))).toHaveLength(1);
});

test("time spans come out as Azure returns them", () => {
  const input = referenceInput();
  firstStamp(input).queues = [
    {
      name: "q",
      lockDuration: "PT60S",
      defaultMessageTtl: "PT336H",
      duplicateDetectionHistoryTimeWindow: "PT90M",
    },
    { name: "never", defaultMessageTtl: "P10675199DT2H48M5.4775807S" },
  ];
  expect(validate(input).stamps[0]?.queues).toMatchObject([
    { lockDuration: "PT1M", defaultMessageTtl: "P14D", duplicateDetectionHistoryTimeWindow: "PT1H30M" },
    { lockDuration: "PT1M", defaultMessageTtl: "P10675199DT2H48M5.4775807S" },
  ]);
});

test("SQL's names are those of every script", () => {
  expect(mistakesAfter(withRule({ sqlFilter: "größe > 1 AND 色 = 'red'" }))).toEqual([]);
});

test("entities are named as they are declared, however a reference spells them", () => {
  const input = referenceInput();
  const stamp = firstStamp(input);
  stamp.queues = [{ name: "Target" }, { name: "refused" }, { name: "q", forwardTo: "TARGET" }];
  stamp.topics = [{ name: "t", subscriptions: [{ name: "s", forwardDeadLetteredMessagesTo: "target" }] }];
  stamp.refusedMessages = "Refused";
  stamp.access = { senders: [{ principalId: "11111111-1111-1111-1111-111111111111", entities: ["tArget"] }] };
  stamp.plan = { scaleOutEntities: ["targeT"] };
  expect(validate(input).stamps[0]).toMatchObject({
    queues: [{}, {}, { forwardTo: "Target" }],
    topics: [{ subscriptions: [{ forwardDeadLetteredMessagesTo: "Target" }] }],
    refusedMessages: "refused",
    access: { senders: [{ entities: ["Target"] }] },
    plan: { scaleOutEntities: ["Target"] },
  });
});

test("500 queues fit the apps' settings", () => {
  expect(
    mistakesAfter(
      (s) => (s.queues = Array.from({ length: 500 }, (_, index) => ({ name: `a-queue-of-some-length-${index}` }))),
    ),
  ).toEqual([]);
});

test("the shared address space is private", () => {
  expect(mistakesAfter((s) => (s.access = { callers: ["100.64.0.0/16", "100.127.0.0/16"] }))).toEqual([]);
});

test("a value that is no topology is reported as such", () => {
  expect(() => validate(undefined as unknown as TopologyInput)).toThrow("expected  an object");
  expect(() => validate("text" as unknown as TopologyInput)).toThrow("expected  an object");
  expect(() => validate({ stamps: [null] } as unknown as TopologyInput)).toThrow("stamps[0]");
});
