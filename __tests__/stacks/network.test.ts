import { comesAfter } from "../../synthesized/order";
import { all } from "../../synthesized/resources";
import { build, ofType, only, stackNamed } from "../support/build";
import { addressesThroughFirewall, allowed, hostsThroughFirewall } from "../support/rules";
import { forwardersOf, type StampInput, topologyWith, viaGateway } from "../support/topologies";

const east = (change?: (stamp: StampInput) => void) => stackNamed(build(topologyWith(change)), "network-eastus2");

const FORWARDERS = "10.0.2.4,10.0.2.5";
const NAMESPACES = "10.1.2.240,10.1.2.241";
const STORAGE = "10.1.2.242,10.1.2.243,10.1.2.244,10.1.2.247,10.1.2.248,10.1.2.249";
const PRODUCER = "10.1.2.245";
const SITES = "10.1.2.245,10.1.2.246";
const AGENTS = "10.1.2.128/28";
const OPERATORS = "10.1.2.144/28";
const FIREWALL_SUBNET = "10.0.1.0/24";

describe("the shipped network", () => {
  const network = east();

  test("integration-subnet reaches the forwarders, its endpoints and the filtered hosts", () => {
    expect(allowed(network, "integration-subnet-nsg", "Outbound")).toEqual([
      `10.1.1.0/24 -> ${FORWARDERS}:53/Udp`,
      `10.1.1.0/24 -> ${FORWARDERS}:53/Tcp`,
      `10.1.1.0/24 -> ${NAMESPACES}:5671/Tcp`,
      `10.1.1.0/24 -> ${NAMESPACES}:443/Tcp`,
      `10.1.1.0/24 -> ${STORAGE}:443/Tcp`,
      "VirtualNetwork -> AzureMonitor:443/Tcp",
      // Behind the design document's own rule, which decides for Azure Monitor.
      "10.1.1.0/24 -> Internet:443/Tcp",
    ]);
    expect(allowed(network, "integration-subnet-nsg", "Inbound")).toEqual([]);
  });

  test("the design document's rule for Azure Monitor has its priority, 498", () => {
    const rules = only(network, "azurerm_network_security_group", "integration-subnet-nsg").security_rule as Record<
      string,
      unknown
    >[];
    expect(rules.find(({ destination_address_prefix }) => destination_address_prefix === "AzureMonitor")).toMatchObject(
      {
        priority: 498,
        source_address_prefix: "VirtualNetwork",
        destination_port_range: "443",
        protocol: "Tcp",
        access: "Allow",
      },
    );
  });

  test("workload-subnet lets in the apps and its own producers, each to what it uses", () => {
    expect(allowed(network, "workload-subnet-nsg", "Inbound")).toEqual([
      `10.1.1.0/24 -> ${NAMESPACES}:5671/Tcp`,
      `10.1.1.0/24 -> ${NAMESPACES}:443/Tcp`,
      `10.1.1.0/24 -> ${STORAGE}:443/Tcp`,
      `10.1.2.0/24 -> ${NAMESPACES}:5671/Tcp`,
      `10.1.2.0/24 -> ${NAMESPACES}:443/Tcp`,
      `10.1.2.0/24 -> ${PRODUCER}:443/Tcp`,
      `${OPERATORS} -> ${NAMESPACES}:5671/Tcp`,
      `${OPERATORS} -> ${NAMESPACES}:443/Tcp`,
      `${OPERATORS} -> ${SITES}:443/Tcp`,
      `${AGENTS} -> ${SITES}:443/Tcp`,
    ]);
    expect(allowed(network, "workload-subnet-nsg", "Outbound")).toEqual(
      expect.arrayContaining([
        `${AGENTS} -> ${FORWARDERS}:53/Udp`,
        `${AGENTS} -> ${SITES}:443/Tcp`,
        `${AGENTS} -> AzureActiveDirectory:443/Tcp`,
        `${AGENTS} -> AzureResourceManager:443/Tcp`,
      ]),
    );
    expect(only(network, "azurerm_subnet", "workload-subnet").private_endpoint_network_policies).toBe(
      "NetworkSecurityGroupEnabled",
    );
  });

  test("DNSSubnet answers the spoke and fetches Ubuntu's packages", () => {
    expect(allowed(network, "DNSSubnet-nsg", "Inbound")).toEqual([
      `10.1.1.0/24 -> ${FORWARDERS}:53/Udp`,
      `10.1.1.0/24 -> ${FORWARDERS}:53/Tcp`,
      `10.1.2.0/24 -> ${FORWARDERS}:53/Udp`,
      `10.1.2.0/24 -> ${FORWARDERS}:53/Tcp`,
      `${OPERATORS} -> ${FORWARDERS}:53/Udp`,
      `${OPERATORS} -> ${FORWARDERS}:53/Tcp`,
      `${AGENTS} -> ${FORWARDERS}:53/Udp`,
      `${AGENTS} -> ${FORWARDERS}:53/Tcp`,
    ]);
    expect(allowed(network, "DNSSubnet-nsg", "Outbound")).toEqual([
      "10.0.2.0/24 -> Internet:80/Tcp",
      "10.0.2.0/24 -> Internet:443/Tcp",
    ]);
  });

  test("the firewall lets exactly the listed hosts pass, each from the subnet that needs it", () => {
    expect(hostsThroughFirewall(network)).toEqual([
      "10.1.1.0/24 -> *.in.applicationinsights.azure.com:443",
      "10.1.1.0/24 -> *.livediagnostics.monitor.azure.com:443",
      "10.1.1.0/24 -> live.applicationinsights.azure.com:443",
      "10.1.1.0/24 -> dc.applicationinsights.azure.com:443",
      "10.1.1.0/24 -> dc.applicationinsights.microsoft.com:443",
      "10.1.1.0/24 -> rt.applicationinsights.microsoft.com:443",
      "10.1.1.0/24 -> dc.services.visualstudio.com:443",
      "10.1.1.0/24 -> rt.services.visualstudio.com:443",
      "10.1.1.0/24 -> cdn.functions.azure.com:443",
      "10.0.2.0/24 -> azure.archive.ubuntu.com:80",
      "10.0.2.0/24 -> security.ubuntu.com:80",
      "10.0.2.0/24 -> azure.archive.ubuntu.com:443",
      "10.0.2.0/24 -> security.ubuntu.com:443",
      `${OPERATORS} -> login.microsoftonline.com:443`,
      `${OPERATORS} -> management.azure.com:443`,
      `${AGENTS} -> login.microsoftonline.com:443`,
      `${AGENTS} -> management.azure.com:443`,
    ]);
    expect(addressesThroughFirewall(network)).toEqual([]);
  });

  test("the firewall is Standard, in zones, and denies what threat intelligence knows", () => {
    expect(only(network, "azurerm_firewall")).toMatchObject({ sku_tier: "Standard", zones: ["1", "2", "3"] });
    expect(only(network, "azurerm_firewall_policy")).toMatchObject({
      sku: "Standard",
      threat_intelligence_mode: "Deny",
    });
    expect(only(network, "azurerm_monitor_diagnostic_setting").target_resource_id).toMatch(/azurerm_firewall\./);
  });

  test("everything from the three subnets goes to the firewall, independent of BGP", () => {
    for (const table of ofType(network, "azurerm_route_table")) {
      expect(table).toMatchObject({
        bgp_route_propagation_enabled: false,
        route: [
          {
            address_prefix: "0.0.0.0/0",
            next_hop_type: "VirtualAppliance",
            next_hop_in_ip_address: expect.stringContaining("private_ip_address") as string,
          },
        ],
      });
    }
    expect(ofType(network, "azurerm_subnet_route_table_association")).toHaveLength(3);
    expect(ofType(network, "azurerm_subnet_network_security_group_association")).toHaveLength(3);
    for (const subnet of ofType(network, "azurerm_subnet")) expect(subnet.default_outbound_access_enabled).toBe(false);
  });

  test("the spoke asks the forwarders, the hub asks Azure", () => {
    expect(only(network, "azurerm_virtual_network", "spoke-vnet").dns_servers).toEqual(["10.0.2.4", "10.0.2.5"]);
    expect(only(network, "azurerm_virtual_network", "hub-vnet").dns_servers).toBeUndefined();
  });

  test("both peerings take forwarded traffic", () => {
    expect(ofType(network, "azurerm_virtual_network_peering")).toEqual([
      expect.objectContaining({ name: "hubtospoke", allow_forwarded_traffic: true, allow_gateway_transit: false }),
      expect.objectContaining({ name: "spoketohub", allow_forwarded_traffic: true, use_remote_gateways: false }),
    ]);
  });

  test("nothing has a public address but the firewall", () => {
    expect(ofType(network, "azurerm_public_ip")).toEqual([expect.objectContaining({ name: "hub-firewall-ip" })]);
  });
});

describe("who else may come in", () => {
  test("no host in workload-subnet, unless declared", () => {
    const network = east((stamp) => delete stamp.access);
    expect(allowed(network, "workload-subnet-nsg", "Inbound").every((rule) => rule.startsWith("10.1.1.0/24"))).toBe(
      true,
    );
    expect(allowed(network, "workload-subnet-nsg", "Outbound")).toEqual([]);
  });

  /** The clients that BIND answers. */
  const answered = (network: ReturnType<typeof east>) =>
    ofType(network, "azurerm_virtual_machine_run_command").map(({ source }) =>
      /acl clients \{\n([^}]*)\}/
        .exec((source as { script: string }).script)?.[1]
        ?.trim()
        .split(/;\s*/)
        .filter(Boolean),
    );
  const inbound = (network: ReturnType<typeof east>, group: string) => allowed(network, group, "Inbound");

  test("from beyond, by name through the firewall, whose address the endpoint then sees; and with an answer from the forwarders", () => {
    const network = east((stamp) => {
      stamp.access = { callers: ["192.168.1.0/24"], deployAgents: ["192.168.2.0/24"] };
    });
    expect(inbound(network, "workload-subnet-nsg")).toEqual(
      expect.arrayContaining([`${FIREWALL_SUBNET} -> ${PRODUCER}:443/Tcp`, `${FIREWALL_SUBNET} -> ${SITES}:443/Tcp`]),
    );
    expect(JSON.stringify(inbound(network, "workload-subnet-nsg"))).not.toContain("192.168");
    // A caller gets the site, an agent the SCM host too.
    const hosts = hostsThroughFirewall(network).filter((rule) => rule.startsWith("192.168"));
    expect(hosts).toEqual([
      "192.168.1.0/24 -> lockdown-pc-producer-eastus2.azurewebsites.net:443",
      "192.168.2.0/24 -> lockdown-pc-producer-eastus2.scm.azurewebsites.net:443",
      "192.168.2.0/24 -> lockdown-pc-consumer-eastus2.scm.azurewebsites.net:443",
    ]);
    expect(inbound(network, "DNSSubnet-nsg")).toEqual(
      expect.arrayContaining([`192.168.1.0/24 -> ${FORWARDERS}:53/Udp`, `192.168.2.0/24 -> ${FORWARDERS}:53/Tcp`]),
    );
    expect(addressesThroughFirewall(network)).toEqual([
      `192.168.1.0/24 -> ${FORWARDERS}:53/UDP,TCP`,
      `192.168.2.0/24 -> ${FORWARDERS}:53/UDP,TCP`,
    ]);
    for (const clients of answered(network))
      expect(clients).toEqual(expect.arrayContaining(["192.168.1.0/24", "192.168.2.0/24"]));
  });

  test("from beyond, through a gateway: no address is replaced, and the endpoint sees the caller", () => {
    const network = east((stamp) => {
      viaGateway("vpn-gateway")(stamp);
      stamp.access = { callers: ["192.168.1.0/24"] };
    });
    expect(inbound(network, "workload-subnet-nsg")).toContain(`192.168.1.0/24 -> ${PRODUCER}:443/Tcp`);
    expect(inbound(network, "DNSSubnet-nsg")).toContain(`192.168.1.0/24 -> ${FORWARDERS}:53/Udp`);
    for (const clients of answered(network)) expect(clients).toContain("192.168.1.0/24");
  });

  test("from the hub, past the firewall", () => {
    const network = east((stamp) => {
      stamp.access = { deployAgents: ["10.0.9.0/24"] };
    });
    expect(inbound(network, "workload-subnet-nsg")).toContain(`10.0.9.0/24 -> ${SITES}:443/Tcp`);
    expect(inbound(network, "DNSSubnet-nsg")).toContain(`10.0.9.0/24 -> ${FORWARDERS}:53/Udp`);
    expect(addressesThroughFirewall(network)).toEqual([]);
  });

  test("an agent of one region publishes there, and has no rule in the other", () => {
    const stacks = build(topologyWith());
    for (const [name, own, other] of [
      ["network-eastus2", "10.1.2.128/28", "10.3.2.128/28"],
      ["network-centralus", "10.3.2.128/28", "10.1.2.128/28"],
    ] as const) {
      const text = JSON.stringify(stackNamed(stacks, name).json);
      expect(text).toContain(own);
      expect(text).not.toContain(other);
    }
  });

  test("an agent in workload-subnet reaches the state's account and the hosts that the topology lists, and no others", () => {
    const network = east((stamp) => {
      stamp.access = { deployAgents: [AGENTS], deployAgentHosts: ["registry.npmjs.org"] };
    });
    const hosts = hostsThroughFirewall(network).filter((rule) => rule.startsWith(AGENTS));
    expect(hosts).toEqual([
      `${AGENTS} -> login.microsoftonline.com:443`,
      `${AGENTS} -> management.azure.com:443`,
      `${AGENTS} -> registry.npmjs.org:443`,
    ]);
    const withState = stackNamed(
      build(
        topologyWith((_, input) => {
          input.backend = { resourceGroup: "state-rg", storageAccount: "stateaccount", container: "state" };
        }),
      ),
      "network-eastus2",
    );
    expect(hostsThroughFirewall(withState)).toContain(`${AGENTS} -> stateaccount.blob.core.windows.net:443`);
    expect(allowed(withState, "workload-subnet-nsg", "Outbound")).toContain(`${AGENTS} -> Storage:443/Tcp`);
  });

  test("people on call reach every namespace, the apps' health, Entra and Resource Manager, and nothing else", () => {
    const network = east((stamp) => {
      stamp.access = { operators: { ranges: ["10.1.2.144/28"] } };
    });
    const from = (rules: readonly string[]) => rules.filter((rule) => rule.startsWith("10.1.2.144/28"));
    expect(from(allowed(network, "workload-subnet-nsg", "Outbound")).sort()).toEqual(
      [
        "10.1.2.144/28 -> 10.0.2.4,10.0.2.5:53/Tcp",
        "10.1.2.144/28 -> 10.0.2.4,10.0.2.5:53/Udp",
        "10.1.2.144/28 -> 10.1.2.240,10.1.2.241:443/Tcp",
        "10.1.2.144/28 -> 10.1.2.240,10.1.2.241:5671/Tcp",
        "10.1.2.144/28 -> 10.1.2.245,10.1.2.246:443/Tcp",
        "10.1.2.144/28 -> AzureActiveDirectory:443/Tcp",
        "10.1.2.144/28 -> AzureResourceManager:443/Tcp",
      ].sort(),
    );
    expect(from(hostsThroughFirewall(network))).toEqual([
      "10.1.2.144/28 -> login.microsoftonline.com:443",
      "10.1.2.144/28 -> management.azure.com:443",
    ]);
  });

  test("App Service's authentication reaches Entra where it is set, and only then", () => {
    const network = east((stamp) => {
      stamp.authentication = {
        tenantId: "11111111-1111-1111-1111-111111111111",
        clientId: "22222222-2222-2222-2222-222222222222",
      };
    });
    expect(allowed(network, "integration-subnet-nsg", "Outbound")).toContain(
      "10.1.1.0/24 -> AzureActiveDirectory:443/Tcp",
    );
    expect(hostsThroughFirewall(network)).toEqual(
      expect.arrayContaining(
        ["sts.windows.net", "login.windows.net", "login.microsoftonline.com"].map(
          (host) => `10.1.1.0/24 -> ${host}:443`,
        ),
      ),
    );
    expect(hostsThroughFirewall(east()).join()).not.toContain("sts.windows.net");
  });

  test("the way to the extensions' CDN can be closed", () => {
    const network = east((stamp) => {
      stamp.extensionBundlesFromCdn = false;
    });
    expect(allowed(network, "integration-subnet-nsg", "Outbound").join()).not.toContain("Internet");
    expect(hostsThroughFirewall(network).join()).not.toContain("cdn.functions.azure.com");
  });

  test("conditional forwards open DNS to their servers, in the NSG and in the firewall, and are in BIND's configuration", () => {
    const network = east((stamp) => {
      forwardersOf(stamp).conditionalForwards = [
        { zone: "corp.example.com", servers: ["192.168.0.10", "192.168.0.11"] },
      ];
    });
    expect(allowed(network, "DNSSubnet-nsg", "Outbound")).toEqual(
      expect.arrayContaining([
        "10.0.2.0/24 -> 192.168.0.10/32,192.168.0.11/32:53/Udp",
        "10.0.2.0/24 -> 192.168.0.10/32,192.168.0.11/32:53/Tcp",
      ]),
    );
    expect(addressesThroughFirewall(network)).toEqual(["10.0.2.0/24 -> 192.168.0.10/32,192.168.0.11/32:53/UDP,TCP"]);
    const [script] = ofType(network, "azurerm_virtual_machine_run_command").map(
      ({ source }) => (source as { script: string }).script,
    );
    expect(script).toContain('zone "corp.example.com"');
  });
});

test("a peering waits for every subnet of both networks and what is associated with them", () => {
  const network = east();
  const [offered] = all([network], "azurerm_virtual_network_peering");
  if (!offered) throw new Error("There is no peering.");
  const before = comesAfter(offered);
  for (const type of [
    "azurerm_subnet",
    "azurerm_subnet_network_security_group_association",
    "azurerm_subnet_route_table_association",
  ]) {
    for (const { id } of all([network], type)) expect(before).toContain(`${type}.${id}`);
  }
});

test("other people's private-link names stay resolvable, those of Service Bus fail closed", () => {
  const links = all([east()], "azurerm_private_dns_zone_virtual_network_link");
  const policies = links.map(({ id, block }) => [/zones_(\w+)-hub/.exec(id)?.[1], block.resolution_policy]);
  expect(Object.fromEntries(policies)).toEqual({
    serviceBus: undefined,
    blob: "NxDomainRedirect",
    queue: "NxDomainRedirect",
    table: "NxDomainRedirect",
    sites: "NxDomainRedirect",
  });
});

describe.each([
  ["vpn-gateway", "Vpn"],
  ["expressroute", "ExpressRoute"],
] as const)("egress via %s", (via, type) => {
  const network = east(viaGateway(via));

  test("builds the gateway in GatewaySubnet and no firewall", () => {
    expect(ofType(network, "azurerm_firewall")).toEqual([]);
    expect(ofType(network, "azurerm_firewall_policy")).toEqual([]);
    expect(only(network, "azurerm_virtual_network_gateway").type).toBe(type);
    expect(only(network, "azurerm_subnet", "GatewaySubnet").address_prefixes).toEqual(["10.0.1.0/24"]);
  });

  test("passes the gateway on to the spoke, once it exists", () => {
    const [offered, used] = ofType(network, "azurerm_virtual_network_peering");
    expect(offered).toMatchObject({ name: "hubtospoke", allow_gateway_transit: true });
    expect(used).toMatchObject({ name: "spoketohub", use_remote_gateways: true });
    expect(String(used?.depends_on)).toContain("azurerm_virtual_network_gateway.");
  });

  test("sends everything on-premises: by a route to a VPN gateway, by BGP with ExpressRoute", () => {
    for (const table of ofType(network, "azurerm_route_table")) {
      expect(table).toMatchObject(
        via === "vpn-gateway"
          ? {
              bgp_route_propagation_enabled: false,
              route: [{ address_prefix: "0.0.0.0/0", next_hop_type: "VirtualNetworkGateway" }],
            }
          : { bgp_route_propagation_enabled: true, route: [] },
      );
    }
    expect(network.json.locals?.egress).toEqual({ via, on_premises: ["192.168.0.0/16"] });
  });

  test("keeps the NSGs as they are with the firewall", () => {
    for (const nsg of ["integration-subnet-nsg", "workload-subnet-nsg", "DNSSubnet-nsg"]) {
      expect(allowed(network, nsg, "Outbound")).toEqual(allowed(east(), nsg, "Outbound"));
    }
  });
});

test("a VPN gateway's default site is on-premises", () => {
  const network = east(viaGateway("vpn-gateway"));
  expect(only(network, "azurerm_local_network_gateway")).toMatchObject({
    gateway_address: "203.0.113.7",
    address_space: ["192.168.0.0/16"],
  });
  expect(only(network, "azurerm_virtual_network_gateway").default_local_network_gateway_id).toMatch(
    /azurerm_local_network_gateway/,
  );
});

test("a region without zones asks for none", () => {
  const stacks = build(
    topologyWith((stamp) => {
      const [, second] = stamp.regions;
      Object.assign(second ?? {}, { location: "northcentralus", zoneRedundant: false });
    }),
  );
  const network = stackNamed(stacks, "network-northcentralus");
  expect(only(network, "azurerm_firewall").zones).toEqual([]);
  for (const vm of ofType(network, "azurerm_linux_virtual_machine")) expect(vm.zone).toBeUndefined();
  const workload = stackNamed(stacks, "workload-northcentralus");
  expect(only(workload, "azurerm_service_plan").zone_balancing_enabled).toBe(false);
  for (const account of ofType(workload, "azurerm_storage_account"))
    expect(account.account_replication_type).toBe("LRS");
});

test("an existing DDoS plan protects both networks, and locks exist where they are declared", () => {
  const plan = "/subscriptions/s/resourceGroups/g/providers/Microsoft.Network/ddosProtectionPlans/p";
  const stacks = build(
    topologyWith((stamp) => {
      stamp.ddosProtectionPlanId = plan;
      stamp.protection = { locks: true };
    }),
  );
  for (const vnet of ofType(stackNamed(stacks, "network-eastus2"), "azurerm_virtual_network")) {
    expect(vnet.ddos_protection_plan).toEqual({ id: plan, enable: true });
  }
  const locked = stacks.filter((stack) => ofType(stack, "azurerm_management_lock").length > 0).map(({ name }) => name);
  expect(locked).toEqual(["messaging-centralus", "messaging-eastus2", "network-centralus", "network-eastus2"]);
});

test("the hosts of old telemetry can be left out, of the firewall's rules and of the names", () => {
  const text = (change: (stamp: StampInput) => void) =>
    JSON.stringify(stackNamed(build(topologyWith(change)), "network-eastus2"));
  expect(text(() => undefined)).toContain("dc.services.visualstudio.com");
  const without = text((stamp) => (stamp.telemetry = { legacyHosts: false }));
  expect(without).not.toMatch(/visualstudio\.com|(dc|rt)\.applicationinsights/);
  expect(without).toContain("*.in.applicationinsights.azure.com");
});
