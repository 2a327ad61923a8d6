import { NetworkManagementClient } from "@azure/arm-network";
import { id, resourceManager, type ResourceManagerUnderTest, SUBSCRIPTION_ID } from "../../support/resource-manager";

let arm: ResourceManagerUnderTest;
beforeEach(async () => {
  arm = await resourceManager();
});
afterEach(() => arm.stop());

const VNETS = "Microsoft.Network/virtualNetworks";
const location = "eastus2";

const vnet = (name: string, block: string, where = location) =>
  arm.put(`${VNETS}/${name}`, { location: where, properties: { addressSpace: { addressPrefixes: [block] } } });
const subnet = (path: string, addressPrefix: string, more: object = {}) =>
  arm.put(`${VNETS}/${path.replace("/", "/subnets/")}`, { properties: { addressPrefix, ...more } });
const peering = (from: string, to: string, more: object = {}) =>
  arm.put(`${VNETS}/${from}/virtualNetworkPeerings/to-${to}`, {
    properties: { remoteVirtualNetwork: { id: id(`${VNETS}/${to}`) }, ...more },
  });
const nic = (name: string, subnetPath: string, privateIPAddress?: string) =>
  arm.put(`Microsoft.Network/networkInterfaces/${name}`, {
    location,
    properties: {
      ipConfigurations: [
        {
          name: "ip",
          properties: {
            subnet: { id: id(`${VNETS}/${subnetPath.replace("/", "/subnets/")}`) },
            ...(privateIPAddress === undefined ? {} : { privateIPAddress, privateIPAllocationMethod: "Static" }),
          },
        },
      ],
    },
  });
const namespace = (name: string, where = location) =>
  arm.put(`Microsoft.ServiceBus/namespaces/${name}`, {
    location: where,
    sku: { name: "Premium", tier: "Premium", capacity: 1 },
    properties: { publicNetworkAccess: "Disabled" },
  });
const endpoint = (name: string, target: string, more: object = {}, group = "namespace") =>
  arm.put(`Microsoft.Network/privateEndpoints/${name}`, {
    location,
    properties: {
      subnet: { id: id(`${VNETS}/hub/subnets/work`) },
      privateLinkServiceConnections: [{ name: "c", properties: { privateLinkServiceId: target, groupIds: [group] } }],
      ...more,
    },
  });
const address = (resource: { properties?: unknown }) =>
  (resource.properties as { ipConfigurations: { properties: { privateIPAddress: string } }[] }).ipConfigurations[0]
    ?.properties.privateIPAddress;

describe("virtual networks and subnets", () => {
  test("a network shows its subnets; one lies inside it and apart from the others", async () => {
    await vnet("hub", "10.0.0.0/16");
    await subnet("hub/work", "10.0.1.0/24");
    const { properties } = await arm.get(`${VNETS}/hub`);
    expect(properties).toMatchObject({ subnets: [{ name: "work" }], provisioningState: "Succeeded" });
    await expect(subnet("hub/outside", "10.1.0.0/24")).rejects.toMatchObject({ code: "NetcfgSubnetRangeOutsideVnet" });
    await expect(subnet("hub/across", "10.0.1.128/25")).rejects.toMatchObject({ code: "NetcfgSubnetRangesOverlap" });
    await expect(subnet("hub/tiny", "10.0.2.0/30")).rejects.toMatchObject({ code: "NetcfgInvalidSubnet" });
    await expect(subnet("hub/AzureFirewallSubnet", "10.0.3.0/27")).rejects.toMatchObject({
      code: "NetcfgInvalidSubnet",
    });
  });

  test("names follow Azure's pattern, and the resource around must exist", async () => {
    await expect(vnet("-hub", "10.0.0.0/16")).rejects.toMatchObject({ code: "InvalidResourceName" });
    await expect(subnet("nowhere/work", "10.0.1.0/24")).rejects.toMatchObject({ code: "ParentResourceNotFound" });
    await expect(
      arm.put(`/subscriptions/${SUBSCRIPTION_ID}/resourceGroups/none/providers/${VNETS}/v`, {
        location,
      }),
    ).rejects.toMatchObject({ code: "ResourceGroupNotFound", statusCode: 404 });
  });

  test("a subnet in use stays, and so does its network", async () => {
    await vnet("hub", "10.0.0.0/16");
    await subnet("hub/work", "10.0.1.0/24");
    await nic("nic", "hub/work");
    await expect(arm.remove(`${VNETS}/hub/subnets/work`)).rejects.toMatchObject({ code: "InUseSubnetCannotBeDeleted" });
    await expect(arm.remove(`${VNETS}/hub`)).rejects.toMatchObject({ code: "InUseSubnetCannotBeDeleted" });
    await arm.remove("Microsoft.Network/networkInterfaces/nic");
    await arm.remove(`${VNETS}/hub`);
    await expect(arm.get(`${VNETS}/hub/subnets/work`)).rejects.toMatchObject({ statusCode: 404 });
  });

  test("a security group or route table that a subnet has must be there, and stays; the firewall's subnet takes none", async () => {
    await vnet("hub", "10.0.0.0/16");
    const group = { networkSecurityGroup: { id: id("Microsoft.Network/networkSecurityGroups/nsg") } };
    await expect(subnet("hub/work", "10.0.1.0/24", group)).rejects.toMatchObject({ code: "InvalidResourceReference" });
    await arm.put("Microsoft.Network/networkSecurityGroups/nsg", { location, properties: {} });
    await subnet("hub/work", "10.0.1.0/24", group);
    await expect(arm.remove("Microsoft.Network/networkSecurityGroups/nsg")).rejects.toMatchObject({
      code: "InUseNetworkSecurityGroupCannotBeDeleted",
    });
    await expect(subnet("hub/AzureFirewallSubnet", "10.0.2.0/26", group)).rejects.toMatchObject({
      code: "SubnetWithNsgNotAllowed",
    });
  });

  test("rules of a security group have priorities of their own, and a route to an appliance its address", async () => {
    const rule = (name: string, priority: number) => ({ name, properties: { priority, direction: "Inbound" } });
    const rules = (...securityRules: object[]) =>
      arm.put("Microsoft.Network/networkSecurityGroups/nsg", { location, properties: { securityRules } });
    await expect(rules(rule("a", 99))).rejects.toMatchObject({ code: "SecurityRuleInvalidPriority" });
    await expect(rules(rule("a", 100), rule("b", 100))).rejects.toMatchObject({ code: "SecurityRuleConflict" });
    await expect(rules(rule("a", 100), rule("A", 101))).rejects.toMatchObject({ code: "DuplicateResourceName" });
    const from = (...sourceAddressPrefixes: string[]) =>
      rules({ name: "a", properties: { priority: 100, direction: "Inbound", sourceAddressPrefixes } });
    await expect(from("10.0.0.0/8", "10.1.0.4")).rejects.toMatchObject({
      code: "OverlappingSubnetsNotPermittedInSecurityRule",
    });
    await from("10.0.0.4", "10.0.0.5", "AzureMonitor", "Internet");
    const group = await new NetworkManagementClient(
      arm.credential,
      SUBSCRIPTION_ID,
      arm.options,
    ).networkSecurityGroups.get("g", "nsg");
    expect(group.defaultSecurityRules?.map(({ name }) => name)).toContain("AllowVnetInBound");
    const routes = (properties: object) =>
      arm.put("Microsoft.Network/routeTables/rt", {
        location,
        properties: { routes: [{ name: "default", properties }] },
      });
    await expect(routes({ addressPrefix: "0.0.0.0/0", nextHopType: "VirtualAppliance" })).rejects.toMatchObject({
      code: "RouteWithoutNextHopIpAddress",
    });
    await expect(
      routes({ addressPrefix: "0.0.0.0/0", nextHopType: "VirtualNetworkGateway", nextHopIpAddress: "10.0.0.4" }),
    ).rejects.toMatchObject({ code: "RouteNextHopIpAddressNotAllowed" });
  });
});

describe("what is there", () => {
  test("stays where it is, and a network around its subnets", async () => {
    await vnet("hub", "10.0.0.0/16");
    await subnet("hub/work", "10.0.1.0/24");
    await expect(vnet("hub", "10.9.0.0/16")).rejects.toMatchObject({ code: "InUsePrefixCannotBeDeleted" });
    await expect(vnet("hub", "10.0.0.0/16", "westus3")).rejects.toMatchObject({ code: "InvalidResourceLocation" });
    await vnet("hub", "10.0.0.0/16", "East US 2");
  });

  test("goes with its group, unless something outside the group uses it", async () => {
    const other = `/subscriptions/${SUBSCRIPTION_ID}/resourceGroups/other`;
    await arm.put(other, { location });
    await vnet("hub", "10.0.0.0/16");
    await subnet("hub/work", "10.0.1.0/24");
    await nic("inside", "hub/work");
    const outside = `${other}/providers/Microsoft.Network/networkInterfaces/outside`;
    await arm.put(outside, {
      location,
      properties: {
        ipConfigurations: [{ name: "ip", properties: { subnet: { id: id(`${VNETS}/hub/subnets/work`) } } }],
      },
    });
    const group = `/subscriptions/${SUBSCRIPTION_ID}/resourceGroups/g`;
    await expect(arm.remove(group)).rejects.toMatchObject({ code: "InUseSubnetCannotBeDeleted" });
    await arm.remove(outside);
    await arm.remove(group);
    expect(arm.manager.resources()).toEqual([other]);
  });
});

describe("addresses", () => {
  beforeEach(async () => {
    await vnet("hub", "10.0.0.0/16");
    await subnet("hub/work", "10.0.1.0/28");
  });

  test("are given in order from the fifth, and are Azure's at both ends of a subnet", async () => {
    expect(address(await nic("one", "hub/work"))).toBe("10.0.1.4");
    expect(address(await nic("two", "hub/work"))).toBe("10.0.1.5");
    await expect(nic("reserved", "hub/work", "10.0.1.3")).rejects.toMatchObject({
      code: "PrivateIPAddressInReservedRange",
    });
    await expect(nic("last", "hub/work", "10.0.1.15")).rejects.toMatchObject({
      code: "PrivateIPAddressInReservedRange",
    });
    await expect(nic("elsewhere", "hub/work", "10.0.2.4")).rejects.toMatchObject({
      code: "PrivateIPAddressNotInSubnet",
    });
    await expect(nic("taken", "hub/work", "10.0.1.4")).rejects.toMatchObject({ code: "PrivateIPAddressInUse" });
  });

  test("end where the subnet ends", async () => {
    for (let index = 0; index < 11; index += 1) await nic(`nic${index}`, "hub/work");
    await expect(nic("one-too-many", "hub/work")).rejects.toMatchObject({ code: "SubnetIsFull" });
  });
});

describe("peerings", () => {
  test("work in both directions or in none, and not over a block that both have", async () => {
    await vnet("hub", "10.0.0.0/16");
    await vnet("spoke", "10.1.0.0/16");
    await vnet("twin", "10.0.128.0/17");
    expect((await peering("hub", "spoke")).properties).toMatchObject({ peeringState: "Initiated" });
    expect((await peering("spoke", "hub")).properties).toMatchObject({ peeringState: "Connected" });
    expect((await arm.get(`${VNETS}/hub/virtualNetworkPeerings/to-spoke`)).properties).toMatchObject({
      peeringState: "Connected",
    });
    await expect(peering("hub", "twin")).rejects.toMatchObject({ code: "VnetAddressSpacesOverlap" });
    await expect(peering("hub", "nowhere")).rejects.toMatchObject({ code: "InvalidResourceReference" });
    await expect(
      arm.put(`${VNETS}/hub/virtualNetworkPeerings/again`, {
        properties: { remoteVirtualNetwork: { id: id(`${VNETS}/spoke`) } },
      }),
    ).rejects.toMatchObject({ code: "AnotherPeeringAlreadyReferencesRemoteVnet" });
  });

  test("use a remote gateway that is there and that the other side lets them use", async () => {
    await vnet("hub", "10.0.0.0/16");
    await vnet("spoke", "10.1.0.0/16");
    await subnet("hub/GatewaySubnet", "10.0.0.0/27");
    const use = () => peering("spoke", "hub", { useRemoteGateways: true });
    await peering("hub", "spoke", { allowGatewayTransit: true });
    await expect(use()).rejects.toMatchObject({ code: "RemoteVnetHasNoGateways" });
    await arm.put("Microsoft.Network/publicIPAddresses/pip", {
      location,
      sku: { name: "Standard" },
      properties: { publicIPAllocationMethod: "Static" },
    });
    const gateway = {
      location,
      properties: {
        ipConfigurations: [
          {
            name: "gateway",
            properties: {
              subnet: { id: id(`${VNETS}/hub/subnets/GatewaySubnet`) },
              publicIPAddress: { id: id("Microsoft.Network/publicIPAddresses/pip") },
            },
          },
        ],
      },
    };
    await arm.put("Microsoft.Network/virtualNetworkGateways/gw", gateway);
    await peering("hub", "spoke", { allowGatewayTransit: false });
    await expect(use()).rejects.toMatchObject({ code: "RemotePeeringDoesNotAllowGatewayTransit" });
    await peering("hub", "spoke", { allowGatewayTransit: true });
    await use();
    await expect(arm.remove("Microsoft.Network/virtualNetworkGateways/gw")).rejects.toMatchObject({
      code: "VirtualNetworkGatewayInUseByPeering",
    });
  });
});

describe("the firewall", () => {
  const pip = (name: string, more: object = {}) =>
    arm.put(`Microsoft.Network/publicIPAddresses/${name}`, {
      location,
      sku: { name: "Standard" },
      properties: { publicIPAllocationMethod: "Static" },
      ...more,
    });
  const firewall = (subnetName: string) =>
    arm.put("Microsoft.Network/azureFirewalls/fw", {
      location,
      properties: {
        sku: { name: "AZFW_VNet", tier: "Standard" },
        firewallPolicy: { id: id("Microsoft.Network/firewallPolicies/policy") },
        ipConfigurations: [
          {
            name: "egress",
            properties: {
              subnet: { id: id(`${VNETS}/hub/subnets/${subnetName}`) },
              publicIPAddress: { id: id("Microsoft.Network/publicIPAddresses/pip") },
            },
          },
        ],
      },
    });

  test("is in its own subnet at the first address; its policy and address stay as long as it does", async () => {
    await vnet("hub", "10.0.0.0/16");
    await subnet("hub/AzureFirewallSubnet", "10.0.0.0/26");
    await subnet("hub/other", "10.0.1.0/26");
    await pip("pip");
    await expect(firewall("AzureFirewallSubnet")).rejects.toMatchObject({ code: "InvalidResourceReference" });
    await arm.put("Microsoft.Network/firewallPolicies/policy", { location, properties: { sku: { tier: "Standard" } } });
    await expect(firewall("other")).rejects.toMatchObject({ code: "AzureFirewallInvalidSubnetName" });
    expect(address(await firewall("AzureFirewallSubnet"))).toBe("10.0.0.4");
    await expect(arm.remove("Microsoft.Network/firewallPolicies/policy")).rejects.toMatchObject({
      code: "FirewallPolicyInUse",
    });
    await expect(arm.remove("Microsoft.Network/publicIPAddresses/pip")).rejects.toMatchObject({
      code: "PublicIPAddressCannotBeDeleted",
    });
  });

  test("takes a policy of its tier or below; collections of one group have names of their own", async () => {
    await vnet("hub", "10.0.0.0/16");
    await subnet("hub/AzureFirewallSubnet", "10.0.0.0/26");
    await pip("pip");
    await arm.put("Microsoft.Network/firewallPolicies/policy", { location, properties: { sku: { tier: "Premium" } } });
    await expect(firewall("AzureFirewallSubnet")).rejects.toMatchObject({ code: "AzureFirewallPolicyTierMismatch" });
    await expect(
      arm.put("Microsoft.Network/firewallPolicies/policy/ruleCollectionGroups/group", {
        properties: { priority: 200, ruleCollections: [{ name: "hosts" }, { name: "Hosts" }] },
      }),
    ).rejects.toMatchObject({ code: "FirewallPolicyRuleCollectionDuplicateName" });
  });

  test("a public address of the Standard sku is static, and in the zones that it was made in", async () => {
    const network = new NetworkManagementClient(arm.credential, SUBSCRIPTION_ID, arm.options);
    const zoned = (zones: string[]) =>
      network.publicIPAddresses.beginCreateOrUpdateAndWait(
        "g",
        "zoned",
        { location, zones, sku: { name: "Standard" }, publicIPAllocationMethod: "Static" },
        { updateIntervalInMs: 1 },
      );
    expect((await zoned(["1", "2"])).ipAddress).toMatch(/^198\.51\.100\.\d+$/);
    await expect(zoned(["3"])).rejects.toMatchObject({ code: "ResourceAvailabilityZonesCannotBeModified" });
    await zoned(["2", "1"]);
    await expect(pip("dynamic", { properties: { publicIPAllocationMethod: "Dynamic" } })).rejects.toMatchObject({
      code: "StandardSkuPublicIPAddressesMustBeStatic",
    });
  });

  test("groups of one policy have priorities of their own", async () => {
    await arm.put("Microsoft.Network/firewallPolicies/policy", { location, properties: { sku: { tier: "Standard" } } });
    const group = (name: string, priority: number) =>
      arm.put(`Microsoft.Network/firewallPolicies/policy/ruleCollectionGroups/${name}`, { properties: { priority } });
    await group("one", 200);
    await expect(group("two", 200)).rejects.toMatchObject({
      code: "FirewallPolicyRuleCollectionGroupPriorityConflict",
    });
    await expect(group("two", 99)).rejects.toMatchObject({ code: "FirewallPolicyRuleCollectionGroupInvalidPriority" });
  });
});

describe("private endpoints and zones", () => {
  beforeEach(async () => {
    await vnet("hub", "10.0.0.0/16");
    await subnet("hub/work", "10.0.1.0/24");
  });
  const zone = (name: string, group = "") =>
    arm.put(
      group === ""
        ? `Microsoft.Network/privateDnsZones/${name}`
        : `/subscriptions/${SUBSCRIPTION_ID}/resourceGroups/${group}/providers/Microsoft.Network/privateDnsZones/${name}`,
      { location: "global" },
    );

  test("an endpoint leads to something that offers it, at a free address, with an interface of its own", async () => {
    const target = id("Microsoft.ServiceBus/namespaces/bus-east");
    await expect(endpoint("pe", target)).rejects.toMatchObject({ code: "InvalidResourceReference" });
    await namespace("bus-east");
    await expect(endpoint("pe", target, {}, "blob")).rejects.toMatchObject({ code: "InvalidGroupId" });
    const { properties } = await endpoint("pe", target, { customNetworkInterfaceName: "pe-nic" });
    expect(properties).toMatchObject({
      networkInterfaces: [{ id: id("Microsoft.Network/networkInterfaces/pe-nic") }],
      privateLinkServiceConnections: [{ properties: { privateLinkServiceConnectionState: { status: "Approved" } } }],
    });
    expect(address(await arm.get("Microsoft.Network/networkInterfaces/pe-nic"))).toBe("10.0.1.4");
    await expect(arm.remove("Microsoft.Network/networkInterfaces/pe-nic")).rejects.toMatchObject({
      code: "CannotDeleteNicUsedByPrivateEndpoint",
    });
    await expect(arm.remove(`${VNETS}/hub/subnets/work`)).rejects.toMatchObject({ code: "InUseSubnetCannotBeDeleted" });
    await arm.remove("Microsoft.Network/privateEndpoints/pe");
    await arm.remove(`${VNETS}/hub/subnets/work`);
  });

  test("a namespace that is not Premium has no endpoints", async () => {
    await arm.put("Microsoft.ServiceBus/namespaces/bus-standard", { location, sku: { name: "Standard" } });
    await expect(endpoint("pe", id("Microsoft.ServiceBus/namespaces/bus-standard"))).rejects.toThrow("Premium");
  });

  test("a zone group writes the endpoint's records, and takes them away again", async () => {
    await namespace("bus-east");
    await zone("privatelink.servicebus.windows.net");
    await endpoint("pe", id("Microsoft.ServiceBus/namespaces/bus-east"));
    const group = "Microsoft.Network/privateEndpoints/pe/privateDnsZoneGroups/default";
    await arm.put(group, {
      properties: {
        privateDnsZoneConfigs: [
          {
            name: "zone",
            properties: {
              privateDnsZoneId: id("Microsoft.Network/privateDnsZones/privatelink.servicebus.windows.net"),
            },
          },
        ],
      },
    });
    const record = "Microsoft.Network/privateDnsZones/privatelink.servicebus.windows.net/A/bus-east";
    expect((await arm.get(record)).properties).toMatchObject({ aRecords: [{ ipv4Address: "10.0.1.4" }] });
    await arm.remove(group);
    await expect(arm.get(record)).rejects.toMatchObject({ statusCode: 404 });
  });

  test("static addresses name the service's own member, or are refused", async () => {
    await namespace("bus-east");
    const at = (memberName: string) => ({
      ipConfigurations: [
        { name: "static", properties: { groupId: "namespace", memberName, privateIPAddress: "10.0.1.9" } },
      ],
    });
    const target = id("Microsoft.ServiceBus/namespaces/bus-east");
    await expect(endpoint("pe", target, at("default"))).rejects.toMatchObject({
      code: "PrivateEndpointIpConfigurationMissingMemberNamesRequiredByFps",
    });
    await endpoint("pe", target, at("namespace"));
  });

  test("a connection that its owner approves waits for that", async () => {
    await namespace("bus-east");
    const target = id("Microsoft.ServiceBus/namespaces/bus-east");
    const manual = {
      privateLinkServiceConnections: [],
      manualPrivateLinkServiceConnections: [
        { name: "pe", properties: { privateLinkServiceId: target, groupIds: ["namespace"] } },
      ],
    };
    expect((await endpoint("pe", target, manual)).properties).toMatchObject({
      manualPrivateLinkServiceConnections: [
        { properties: { privateLinkServiceConnectionState: { status: "Pending" } } },
      ],
    });
  });

  test("a record that is written by hand is there until it is deleted", async () => {
    await zone("ledger.internal.example.com");
    const record = "Microsoft.Network/privateDnsZones/ledger.internal.example.com/A/@";
    const properties = { ttl: 300, aRecords: [{ ipv4Address: "10.200.5.4" }], metadata: { owner: "ledger" } };
    await arm.put(record, { properties });
    expect((await arm.get(record)).properties).toMatchObject({ ...properties, fqdn: "ledger.internal.example.com." });
    await arm.remove(record);
    await expect(arm.get(record)).rejects.toMatchObject({ statusCode: 404 });
  });

  test("a network is linked to one zone of a name; a zone with links stays", async () => {
    const link = (path: string) =>
      arm.put(`${path}/virtualNetworkLinks/hub`, {
        location: "global",
        properties: { virtualNetwork: { id: id(`${VNETS}/hub`) }, registrationEnabled: false },
      });
    const other = `/subscriptions/${SUBSCRIPTION_ID}/resourceGroups/other`;
    await arm.put(other, { location });
    await zone("privatelink.servicebus.windows.net");
    await zone("privatelink.servicebus.windows.net", "other");
    await link("Microsoft.Network/privateDnsZones/privatelink.servicebus.windows.net");
    await expect(
      link(`${other}/providers/Microsoft.Network/privateDnsZones/privatelink.servicebus.windows.net`),
    ).rejects.toThrow("cannot be linked to multiple zones with overlapping namespaces");
    await expect(
      arm.remove("Microsoft.Network/privateDnsZones/privatelink.servicebus.windows.net"),
    ).rejects.toMatchObject({ code: "CannotDeleteResource" });
  });
});

describe("a network of which a subnet is being put", () => {
  test("is Updating, and can be peered on neither side until it is done", async () => {
    await vnet("hub", "10.0.0.0/16");
    await vnet("spoke", "10.1.0.0/16");
    const release = arm.manager.operations.hold({ matches: (each) => each.endsWith("/subnets/work") });
    const putting = subnet("hub/work", "10.0.1.0/24");
    for (let state = ""; state !== "Updating";) {
      state = ((await arm.get(`${VNETS}/hub`)).properties as { provisioningState: string }).provisioningState;
    }
    await expect(peering("hub", "spoke")).rejects.toMatchObject({ code: "ReferencedResourceNotProvisioned" });
    await expect(peering("spoke", "hub")).rejects.toMatchObject({ code: "ReferencedResourceNotProvisioned" });
    release();
    await putting;
    await peering("hub", "spoke");
  });
});
