import type { Mistake } from "../../topology/mistake";
import { TopologyError } from "../../topology/mistake";
import type { TopologyInput } from "../../topology/schema";
import { validate } from "../../topology/validate";
import {
  firstStamp,
  region,
  secondStamp,
  shippedInput,
  singleRegion,
  type StampInput,
  viaGateway,
} from "../support/topologies";

type Change = (stamp: StampInput, input: TopologyInput) => void;

function mistakesAfter(change: Change): readonly Mistake[] {
  const input = shippedInput();
  change(firstStamp(input), input);
  try {
    validate(input);
  } catch (error) {
    if (error instanceof TopologyError) return error.mistakes;
    throw error;
  }
  return [];
}

/** Each mistake, the one path it is reported at, and a word of what is expected there. */
const CASES: readonly (readonly [what: string, change: Change, path: string, expected: string])[] = [
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
    (s) => (region(s, 0).hub.dnsSubnet = "10.0.2.1/24"),
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
    (s) => (s.forwarders.sshPublicKey = "-----BEGIN OPENSSH PRIVATE KEY-----"),
    "stamps[0].forwarders.sshPublicKey",
    "public key",
  ],
  [
    "a short RSA key",
    (s) => (s.forwarders.sshPublicKey = "ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAAAgQ"),
    "stamps[0].forwarders.sshPublicKey",
    "2048",
  ],
  [
    "an unknown way out",
    (s) => (s.egress = { via: "teleport" as "firewall" }),
    "stamps[0].egress.via",
    "firewall, vpn-gateway or expressroute",
  ],
  ["no stamp", (_, input) => (input.stamps = []), "stamps", "1 or more"],
  // Rules over several fields, one file each in topology/rules
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
    (s) => (region(s, 0).hub.firewallSubnet = "10.0.1.0/27"),
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
    "apart from 10.1.1.0/24",
  ],
  [
    "spokes that overlap",
    (s) => (region(s, 1).spoke = { ...region(s, 0).spoke }),
    "stamps[0].regions[1].spoke.addressSpace",
    "apart from 10.1.0.0/16",
  ],
  [
    "on-premises that overlap",
    (s) => {
      viaGateway("expressroute")(s);
      s.egress = { via: "expressroute", onPremises: { addressSpaces: ["10.1.0.0/20"] } };
    },
    "stamps[0].regions[0].spoke.addressSpace",
    "apart from 10.1.0.0/20",
  ],
  [
    "no subnet for the firewall",
    (s) => delete region(s, 0).hub.firewallSubnet,
    "stamps[0].regions[0].hub.firewallSubnet",
    "egress goes via firewall",
  ],
  [
    "a gateway subnet beside the firewall",
    (s) => (region(s, 0).hub.gatewaySubnet = "10.0.3.0/24"),
    "stamps[0].regions[0].hub.gatewaySubnet",
    "nothing",
  ],
  [
    "one zone forwarded twice",
    (s) =>
      (s.forwarders.conditionalForwards = [
        { zone: "corp.example.com", servers: ["192.168.0.10"] },
        { zone: "corp.example.com", servers: ["192.168.0.11"] },
      ]),
    "stamps[0].forwarders.conditionalForwards[1].zone",
    "does not have",
  ],
  [
    "a zone of Azure's sent to on-premises",
    (s) => (s.forwarders.conditionalForwards = [{ zone: "windows.net", servers: ["192.168.0.10"] }]),
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
    (s) => (region(s, 0).functionApps.consumer = region(s, 0).functionApps.producer),
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
    "a pairing of unlike partitions",
    (s) => Object.assign(region(s, 1).serviceBus, { partitions: 2, messagingUnits: 2 }),
    "stamps[0].regions[1].serviceBus.partitions",
    "paired namespaces are alike",
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

test("the shipped topology and its variants have none", () => {
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
    region(stamp, 0).hub.dnsSubnet = "not a block";
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

test("what is no topology at all is told so", () => {
  expect(() => validate(undefined as unknown as TopologyInput)).toThrow("expected  an object");
  expect(() => validate("text" as unknown as TopologyInput)).toThrow("expected  an object");
  expect(() => validate({ stamps: [null] } as unknown as TopologyInput)).toThrow("stamps[0]");
});
