import fc from "fast-check";
import type { Model, SecurityRule } from "../../../proof/network/model";
import { builtInOrigin } from "../../../proof/network/origin";
import { addressesOf, allOf, PRIVATE_ADDRESSES } from "../../../proof/packets/addresses";
import { Intervals } from "../../../proof/packets/intervals";
import { servicesOf } from "../../../proof/packets/services";
import { numberOf } from "./naive";
import type { Packet } from "./packet";

const origin = builtInOrigin("a random topology");
const NETWORKS = ["a", "b", "c"] as const;
type NetworkName = (typeof NETWORKS)[number];
const SPACES: Readonly<Record<NetworkName, string>> = { a: "10.0.0.0/24", b: "10.1.0.0/24", c: "10.2.0.0/24" };
const networkId = (name: string) => `/networks/${name}`;
const item = (id: string, name = id) => ({ id, name, origin });

const PREFIXES = [
  "*",
  "VirtualNetwork",
  "Internet",
  "AzureMonitor",
  "10.0.0.0/24",
  "10.1.0.64/26",
  "10.1.0.70",
  "10.2.0.0/25",
  "0.0.0.0/0",
  "8.8.8.0/24",
];
const SERVICES = [
  servicesOf("*", ["*"]),
  servicesOf("Tcp", ["443"]),
  servicesOf("Udp", ["53"]),
  servicesOf("Tcp", ["1-1000"]),
  servicesOf("*", ["53", "5671"]),
];
const HOSTS = ["one.example.com", "two.example.com", "three.example.com"];

const prefixes = fc.uniqueArray(fc.constantFrom(...PREFIXES), { minLength: 1, maxLength: 2 });

const rule: fc.Arbitrary<SecurityRule> = fc.record({
  name: fc.constant("rule"),
  reason: fc.constant(""),
  priority: fc.integer({ min: 100, max: 4096 }),
  direction: fc.constantFrom("Inbound" as const, "Outbound" as const),
  allows: fc.boolean(),
  service: fc.constantFrom(...SERVICES),
  sourcePort: fc.constantFrom(Intervals.of(0, 65_535), Intervals.of(1, 1023)),
  sources: prefixes
    .map((list) => list.filter((prefix) => prefix !== "AzureMonitor" || list.length === 1))
    .map((list) => list.map((prefix) => (prefix === "AzureMonitor" ? "*" : prefix))),
  destinations: prefixes,
  origin: fc.constant(origin),
});

/** Of one priority in one direction Azure takes one rule. */
const rules = fc
  .uniqueArray(rule, { maxLength: 6, selector: ({ priority, direction }) => `${direction} ${priority}` })
  .map((list) => [...list].sort((one, other) => one.priority - other.priority));

const route = fc.record({
  name: fc.constant("route"),
  prefix: fc.constantFrom(
    "0.0.0.0/0",
    "10.0.0.0/16",
    "10.1.0.0/24",
    "10.1.0.70/32",
    "10.2.0.0/24",
    "10.1.0.64/26",
    "8.8.8.0/24",
  ),
  nextHop: fc.constantFrom(
    ...(["VirtualAppliance", "VirtualAppliance", "VirtualNetworkGateway", "Internet", "None", "VnetLocal"] as const),
  ),
  address: fc.constantFrom("10.0.0.4", "10.2.0.10", "10.9.9.9"),
  origin: fc.constant(origin),
});

const routes = fc.uniqueArray(route, { maxLength: 3, selector: ({ prefix }) => prefix });

const peering = fc.record({
  allowsAccess: fc.oneof({ weight: 4, arbitrary: fc.constant(true) }, fc.boolean()),
  allowsForwardedTraffic: fc.boolean(),
  offersGateway: fc.boolean(),
  usesRemoteGateway: fc.boolean(),
});

const mostly = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined, freq: 4 });

const firewallRule = fc.record({
  kind: fc.constantFrom("network" as const, "application" as const),
  allows: fc.oneof({ weight: 3, arbitrary: fc.constant(true) }, fc.constant(false)),
  sources: fc.constantFrom("10.1.0.0/24", "10.0.0.0/8", "10.2.0.10", "192.168.0.0/24"),
  destinations: fc.constantFrom("0.0.0.0/0", "10.2.0.0/24", "10.1.0.64/26", "8.8.8.8"),
  hosts: fc.uniqueArray(fc.constantFrom(...HOSTS), { minLength: 1, maxLength: 2 }),
  service: fc.constantFrom(...SERVICES),
});

const PAIRS = NETWORKS.flatMap((from) => NETWORKS.filter((to) => to !== from).map((to) => [from, to] as const));

/** Three networks with two subnets each, a firewall, a gateway, an endpoint, a machine and an app, connected and guarded at random. */
export const topologies: fc.Arbitrary<Model> = fc
  .record({
    groups: fc.array(mostly(rules), { minLength: 7, maxLength: 7 }),
    tables: fc.array(mostly(fc.record({ takesBgp: fc.boolean(), routes })), { minLength: 6, maxLength: 6 }),
    peerings: fc.array(mostly(peering), { minLength: PAIRS.length, maxLength: PAIRS.length }),
    policies: fc.record({ securityGroup: fc.boolean(), routes: fc.boolean() }),
    outbound: fc.array(fc.boolean(), { minLength: 6, maxLength: 6 }),
    firewall: fc.array(firewallRule, { maxLength: 5 }),
    keepsNothing: fc.boolean(),
    firewallIsPublic: fc.boolean(),
    gateway: fc.option(fc.constantFrom("Vpn" as const, "ExpressRoute" as const), { nil: undefined }),
    machineIsPublic: fc.boolean(),
    machineForwards: fc.boolean(),
    routesAll: fc.boolean(),
  })
  .map((random): Model => {
    const groupIds = random.groups.map((own, index) => (own ? `/groups/${index}` : undefined));
    const tableIds = random.tables.map((own, index) => (own ? `/tables/${index}` : undefined));
    const subnets = NETWORKS.flatMap((network, at) =>
      [0, 1].map((half) => {
        const index = at * 2 + half;
        const prefix = SPACES[network].replace("0/24", half === 0 ? "0/26" : "64/26");
        const isFirewalls = index === 0;
        const guarded = isFirewalls ? undefined : groupIds[index];
        const tableId = tableIds[index];
        return {
          ...item(`${networkId(network)}/subnets/${index}`, isFirewalls ? "AzureFirewallSubnet" : `subnet${index}`),
          networkId: networkId(network),
          addresses: addressesOf(prefix),
          prefixes: [prefix],
          ...(guarded === undefined ? {} : { securityGroupId: guarded }),
          ...(tableId === undefined ? {} : { routeTableId: tableId }),
          ...(index === 2 ? { delegation: "Microsoft.Web/serverFarms" } : {}),
          endpointPolicies: random.policies,
          hasDefaultOutbound: random.outbound[index] ?? false,
        };
      }),
    );
    const networkRules = random.firewall.map((each, index) => ({
      kind: each.kind,
      collection: "random",
      name: `rule${index}`,
      reason: "",
      allows: each.allows,
      sources: addressesOf(each.sources),
      service: each.service,
      ...(each.kind === "network" ? { destinations: addressesOf(each.destinations) } : { hosts: each.hosts }),
      origin,
    }));
    return {
      networks: NETWORKS.map((name) => ({
        ...item(networkId(name), name),
        location: "here",
        addresses: addressesOf(SPACES[name]),
        prefixes: [SPACES[name]],
        dnsServers: [],
        isDeclared: false,
      })),
      subnets,
      interfaces: [
        {
          ...item("/machines/m", "machine"),
          subnetId: `${networkId("c")}/subnets/4`,
          address: "10.2.0.10",
          ...(groupIds[6] === undefined ? {} : { securityGroupId: groupIds[6] }),
          forwardsPackets: random.machineForwards,
          ...(random.machineIsPublic ? { publicAddress: "198.18.0.1" } : {}),
        },
      ],
      securityGroups: random.groups.flatMap((own, index) => (own ? [{ ...item(`/groups/${index}`), rules: own }] : [])),
      routeTables: random.tables.flatMap((own, index) => (own ? [{ ...item(`/tables/${index}`), ...own }] : [])),
      peerings: random.peerings.flatMap((half, index) => {
        const [from, to] = PAIRS[index] ?? ["a", "b"];
        return half
          ? [{ ...item(`/peerings/${from}${to}`), networkId: networkId(from), remoteId: networkId(to), ...half }]
          : [];
      }),
      firewalls: [
        {
          ...item("/firewalls/f", "firewall"),
          networkId: networkId("a"),
          address: "10.0.0.4",
          ownAddresses: addressesOf("10.0.0.0/26"),
          ...(random.firewallIsPublic ? { publicAddress: "198.18.0.2" } : {}),
          rules: [
            ...networkRules.filter(({ kind }) => kind === "network"),
            ...networkRules.filter(({ kind }) => kind === "application"),
          ],
          rulesOrigin: origin,
          keepsSenderTo: random.keepsNothing ? Intervals.none : PRIVATE_ADDRESSES,
          routesTo: Intervals.none,
          isDeclared: false,
        },
      ],
      gateways:
        random.gateway === undefined
          ? []
          : [
              {
                ...item("/gateways/g", "gateway"),
                networkId: networkId("a"),
                subnetId: `${networkId("a")}/subnets/1`,
                kind: random.gateway,
              },
            ],
      onPremises:
        random.gateway === undefined
          ? []
          : [
              {
                name: "on-premises",
                networkId: networkId("a"),
                addresses: allOf(["192.168.0.0/24"]),
                prefixes: ["192.168.0.0/24"],
                announcesDefault: random.gateway === "ExpressRoute",
                origin,
              },
            ],
      endpoints: [
        {
          ...item("/endpoints/e", "endpoint"),
          subnetId: `${networkId("b")}/subnets/3`,
          address: "10.1.0.70",
          addresses: addressesOf("10.1.0.70"),
          part: "namespace",
          targetId: "/namespaces/n",
          zoneIds: [],
          waitsForApproval: false,
        },
      ],
      apps: [
        {
          ...item("/apps/p", "app"),
          location: "here",
          kind: "function",
          subnetId: `${networkId("b")}/subnets/2`,
          routesAll: random.routesAll,
          settings: {},
          identityIds: [],
          keyBlocks: [],
          alwaysOn: true,
        },
      ],
      ...{
        zones: [],
        zoneLinks: [],
        records: [],
        forwarders: [],
        services: [],
        aliases: [],
        roles: [],
        monitoring: [],
        unmodelled: [],
      },
    };
  });

const DESTINATIONS = [
  ...[
    "10.0.0.4",
    "10.0.0.9",
    "10.0.0.70",
    "10.1.0.10",
    "10.1.0.66",
    "10.1.0.70",
    "10.1.0.80",
    "10.1.0.200",
    "10.2.0.3",
  ],
  ...[
    "10.2.0.10",
    "10.2.0.20",
    "10.2.0.127",
    "10.9.9.9",
    "192.168.0.9",
    "192.168.1.1",
    "8.8.8.8",
    "9.9.9.9",
    "168.63.129.16",
  ],
].map(numberOf);

/** What a packet has beside its sender's address. */
export const packets: fc.Arbitrary<Omit<Packet, "from">> = fc.record({
  to: fc.constantFrom(...DESTINATIONS),
  protocol: fc.constantFrom("tcp" as const, "tcp" as const, "udp" as const),
  port: fc.constantFrom(443, 53, 5671, 22, 80),
  sourcePort: fc.constantFrom(50_000, 80),
  host: fc.constantFrom(...HOSTS),
  tags: fc.constantFrom([] as string[], ["AzureMonitor"]),
});
