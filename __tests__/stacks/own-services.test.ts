import { azureFrom } from "../../local/azure/from-stacks";
import { addressOf } from "../../local/names/resolve";
import { checklistOf } from "../../ops/owners/checklist";
import { isNothing, ownersPartIn } from "../../ops/owners/owners-part";
import { prove } from "../../proof/prove";
import { all } from "../../synthesized/resources";
import { dnsRecordsIn } from "../../synthesized/views/dns-record";
import { firewallRulesIn } from "../../synthesized/views/firewall-rule";
import { forwardersIn } from "../../synthesized/views/forwarder";
import { privateEndpointsIn } from "../../synthesized/views/private-endpoint";
import { securityRulesIn } from "../../synthesized/views/security-rule";
import { networkOf } from "../../azure-facts/arm-ids";
import { build } from "../support/build";
import { topologyWith } from "../support/topologies";

const OWNED = "/subscriptions/22222222-3333-4444-5555-666666666666/resourceGroups/orders-rg/providers";
const WHY = "Orders are kept there.";

const stacks = build(
  topologyWith((stamp) => {
    stamp.access = {
      ...stamp.access,
      privateServices: [
        { resourceId: `${OWNED}/Microsoft.Sql/servers/orders`, why: WHY },
        { resourceId: `${OWNED}/Microsoft.KeyVault/vaults/keys`, approval: "by-owner", why: WHY },
        { resourceId: `${OWNED}/Microsoft.Storage/storageAccounts/archive`, subresource: "file", why: WHY },
      ],
      existingEndpoints: [
        { hosts: ["ledger.internal.example.com"], addresses: ["10.200.5.4"], ports: [8443], why: WHY },
        { hosts: ["far.database.windows.net"], addresses: ["10.200.6.4"], ports: [1433], why: WHY },
      ],
    };
  }),
);
const east = stacks.filter(({ name }) => name.endsWith("eastus2"));
const own = privateEndpointsIn(east).filter(({ targetId }) => targetId.includes("orders-rg"));

test("each service has an endpoint at its planned address, registered in the region's zone of its kind", () => {
  expect(own.map(({ name, address, zoneIds }) => [name, address, zoneIds.map((id) => id.split("/").at(-1))])).toEqual([
    ["archive-file", "10.1.2.252", ["privatelink.file.core.windows.net"]],
    ["keys-vault", "10.1.2.251", ["privatelink.vaultcore.azure.net"]],
    ["orders-sqlServer", "10.1.2.250", ["privatelink.database.windows.net"]],
  ]);
  const blocks = all(east, "azurerm_private_endpoint").map(({ block }) => block);
  const vault = blocks.find(({ name }) => name === "keys-vault");
  expect(vault?.ip_configuration).toEqual([
    expect.objectContaining({ member_name: "default", subresource_name: "vault" }),
  ]);
  expect(vault?.private_service_connection).toMatchObject({ is_manual_connection: true });
  expect(prove(stacks)).toEqual([]);
});

test("the NSGs at both ends let the apps reach it, with the reason", () => {
  const rules = securityRulesIn(east).filter(({ name }) => name.includes("service-orders-database-windows-net"));
  expect(
    rules.map(({ direction, sources, destinations, ports }) => ({ direction, sources, destinations, ports })),
  ).toEqual([
    { direction: "Outbound", sources: ["10.1.1.0/24"], destinations: ["10.1.2.250"], ports: ["1433"] },
    { direction: "Inbound", sources: ["10.1.1.0/24"], destinations: ["10.1.2.250"], ports: ["1433"] },
  ]);
});

test("an endpoint that exists is reached through the firewall, by its addresses", () => {
  const rules = firewallRulesIn(east).filter(({ name }) => name.includes("existing-"));
  expect(rules.map(({ sources, addresses, ports }) => ({ sources, addresses, ports }))).toEqual([
    { sources: ["10.1.1.0/24"], addresses: ["10.200.5.4/32"], ports: ["8443"] },
    { sources: ["10.1.1.0/24"], addresses: ["10.200.6.4/32"], ports: ["1433"] },
  ]);
});

test("the firewall puts its own address in place of the apps' on ports where it reads no name", () => {
  const ranges = (each: typeof stacks) =>
    all(each, "azurerm_firewall_policy").map(({ block }) => block.private_ip_ranges);
  expect(new Set(ranges(stacks).map(String))).toEqual(new Set(["255.255.255.255/32"]));
  expect(ranges(build(topologyWith()))).toEqual([undefined, undefined]);
  const byName = topologyWith((stamp) => {
    stamp.access = {
      ...stamp.access,
      existingEndpoints: [{ hosts: ["ledger.internal.example.com"], addresses: ["10.200.5.4"], why: WHY }],
    };
  });
  expect(ranges(build(byName))).toEqual([undefined, undefined]);
});

test("callers from beyond still get answers from the forwarders, which then see the firewall's address", () => {
  const translated = build(
    topologyWith((stamp) => {
      stamp.access = {
        ...stamp.access,
        callers: ["192.168.7.0/24"],
        existingEndpoints: [
          { hosts: ["ledger.internal.example.com"], addresses: ["10.200.5.4"], ports: [1433], why: WHY },
        ],
      };
    }),
  ).filter(({ name }) => name === "network-eastus2");
  const dns = securityRulesIn(translated).filter(({ name }) => name.startsWith("callers-beyond-to-dns-forwarders"));
  expect(dns.map(({ sources }) => sources)).toEqual([["10.0.1.0/24"], ["10.0.1.0/24"]]);
});

test("its names are kept in a zone of that name alone, or in the private-link zone", () => {
  expect(
    dnsRecordsIn(east).map(({ zoneId, label, addresses }) => [zoneId.split("/").at(-1), label, addresses]),
  ).toEqual([
    ["privatelink.database.windows.net", "far", ["10.200.6.4"]],
    ["ledger.internal.example.com", "@", ["10.200.5.4"]],
  ]);
});

test("every name resolves in the spoke as the apps ask for it, and the forwarders answer for it", () => {
  const azure = azureFrom(stacks);
  const spoke = networkOf(own[0]?.subnetId ?? "");
  const names = {
    "orders.database.windows.net": "10.1.2.250",
    "keys.vault.azure.net": "10.1.2.251",
    "archive.file.core.windows.net": "10.1.2.252",
    "ledger.internal.example.com": "10.200.5.4",
    "far.database.windows.net": "10.200.6.4",
  };
  for (const [name, address] of Object.entries(names)) {
    expect([name, addressOf(azure, spoke, name)]).toEqual([name, address]);
    for (const { script } of forwardersIn(east)) expect(script).toContain(`\n${name} CNAME rpz-passthru.\n`);
  }
});

test("what needs its owner's approval is on the owner's list", () => {
  const part = ownersPartIn(stacks);
  expect(part.approvals.map(({ stack, endpoint }) => [stack, endpoint])).toEqual([
    ["workload-centralus", "keys-vault"],
    ["workload-eastus2", "keys-vault"],
  ]);
  expect(checklistOf(part)).toContain(
    `[ ] Approve the endpoint keys-vault (stack workload-eastus2) of ${OWNED}/Microsoft.KeyVault/vaults/keys`,
  );
  expect(isNothing(ownersPartIn(build(topologyWith())))).toBe(true);
});

test("a name that on-premises servers answer for gets no record here", () => {
  const forwarded = build(
    topologyWith((stamp) => {
      stamp.forwarders = {
        ...stamp.forwarders,
        sshPublicKey: stamp.forwarders?.sshPublicKey ?? "",
        conditionalForwards: [{ zone: "corp.example.com", servers: ["10.200.1.1"] }],
      };
      stamp.access = {
        ...stamp.access,
        existingEndpoints: [{ hosts: ["ledger.corp.example.com"], addresses: ["10.200.5.4"], why: WHY }],
      };
    }),
  );
  expect(dnsRecordsIn(forwarded)).toEqual([]);
  expect(firewallRulesIn(forwarded).filter(({ name }) => name.includes("existing-ledger"))).toHaveLength(2);
});
