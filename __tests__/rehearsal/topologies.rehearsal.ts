import { deployed, rehearsalTest, rehearsing, tornDown } from "../support/rehearsal";
import { AFTER, BEFORE } from "../../ops/rehearsal/owners";
import { loadTopology } from "../../topology/load";
import { secondStamp, singleRegion, topologyWith, viaGateway } from "../support/topologies";

const TOPOLOGIES = [
  ["a single region", topologyWith(singleRegion)],
  ["egress by VPN gateway", topologyWith(viaGateway("vpn-gateway"))],
  ["egress by ExpressRoute", topologyWith(viaGateway("expressroute"))],
  [
    "names, texts and time spans that Terraform and Azure write their own way, with everything switched on",
    topologyWith((stamp) => {
      singleRegion(stamp);
      stamp.tags = { owner: "${TEAM}", note: "%{ if true }" };
      stamp.queues = [
        {
          name: "queue1",
          lockDuration: "PT60S",
          defaultMessageTtl: "PT336H",
          duplicateDetectionHistoryTimeWindow: "PT90M",
        },
        { name: "never", defaultMessageTtl: "P10675199DT2H48M5.4775807S" },
        { name: "ordered", requiresSession: true },
        { name: "passing", forwardTo: "Ordered" },
        { name: "parked", status: "Disabled" },
        { name: "refused" },
      ];
      stamp.refusedMessages = "refused";
      stamp.topics = [
        {
          name: "orders-eu",
          subscriptions: [
            { name: "audit", rules: [{ name: "sql", sqlFilter: "template = '${name}'", action: "SET x = '${y}'" }] },
          ],
        },
        {
          name: "orders",
          subscriptions: [
            { name: "eu-audit", rules: [{ name: "c", correlationFilter: { properties: { "${key}": "${value}" } } }] },
          ],
        },
      ];
      stamp.authentication = {
        tenantId: "11111111-1111-1111-1111-111111111111",
        clientId: "22222222-2222-2222-2222-222222222222",
      };
      stamp.access = {
        ...stamp.access,
        callers: ["192.168.1.0/24"],
        senders: [{ principalId: "99999999-8888-7777-6666-555555555555", entities: ["queue1", "orders"] }],
      };
      stamp.plan = { scaleOutEntities: ["queue1", "orders"] };
    }),
  ],
  [
    "locks and partitions",
    topologyWith((stamp) => {
      stamp.protection = { locks: true };
      for (const each of stamp.regions) each.serviceBus = { ...each.serviceBus, partitions: 2, messagingUnits: 2 };
    }),
  ],
] as const;

for (const [what, topology] of TOPOLOGIES) {
  rehearsalTest(`${what}: applies, plans nothing more, and is torn down without a rest`, async () => {
    await rehearsing(topology, async (rehearsal) => {
      await deployed(rehearsal);
      await tornDown(rehearsal);
    });
  });
}

rehearsalTest(
  "existing hubs and an existing workspace: their owner's part is applied as it is printed, and messages go through",
  async () => {
    const topology = loadTopology("docs/examples/existing-hubs.json");
    await rehearsing(topology, async (rehearsal) => {
      await deployed(rehearsal);
      expect(rehearsal.stacks.map(({ name }) => name)).toEqual(expect.arrayContaining([BEFORE, AFTER]));
      expect(await rehearsal.postOne("hubs")).toEqual([
        { from: "centralus", in: "eastus2" },
        { from: "eastus2", in: "eastus2" },
      ]);
      await tornDown(rehearsal);
    });
  },
);

rehearsalTest(
  "one set of zones for both regions, and endpoints that exist: messages go through from each region",
  async () => {
    await rehearsing(loadTopology("docs/examples/shared-zones.json"), async (rehearsal) => {
      await deployed(rehearsal);
      expect(await rehearsal.postOne("shared")).toEqual([
        { from: "centralus", in: "eastus2" },
        { from: "eastus2", in: "eastus2" },
      ]);
      await tornDown(rehearsal);
    });
  },
);

rehearsalTest("several consumers, and a region without a producer: each takes its own messages", async () => {
  await rehearsing(loadTopology("docs/examples/several-consumers.json"), async (rehearsal) => {
    await deployed(rehearsal);
    expect(await rehearsal.postOne("several")).toEqual([{ from: "eastus2", in: "eastus2" }]);
    await tornDown(rehearsal);
  });
});

rehearsalTest(
  "telemetry by private link: scope, endpoint and zones are made and deleted in Azure's order",
  async () => {
    await rehearsing(loadTopology("docs/examples/private-monitoring.json"), async (rehearsal) => {
      await deployed(rehearsal);
      await tornDown(rehearsal);
    });
  },
);

rehearsalTest("services of one's own: endpoints and names are made, and nothing is left", async () => {
  const owned = "/subscriptions/22222222-3333-4444-5555-666666666666/resourceGroups/orders-rg/providers";
  const topology = topologyWith((stamp) => {
    singleRegion(stamp);
    stamp.access = {
      ...stamp.access,
      privateServices: [
        { resourceId: `${owned}/Microsoft.Sql/servers/orders`, why: "Orders are kept there." },
        { resourceId: `${owned}/Microsoft.KeyVault/vaults/keys`, approval: "by-owner", why: "Keys are kept there." },
      ],
      existingEndpoints: [
        { hosts: ["ledger.internal.example.com"], addresses: ["10.200.5.4"], why: "Orders are booked there." },
      ],
    };
  });
  await rehearsing(topology, async (rehearsal) => {
    await deployed(rehearsal);
    await tornDown(rehearsal);
  });
});

rehearsalTest(
  "two paired stamps: each takes messages in both its regions, and is torn down without a rest",
  async () => {
    const topology = topologyWith((_, input) => secondStamp(input, "blue", 20));
    await rehearsing(topology, async (rehearsal) => {
      await deployed(rehearsal);
      const routes = await rehearsal.postOne("paired");
      const aliases = topology.stamps.map(({ pairing }) => pairing?.alias ?? "");
      expect(routes).toHaveLength(2 * aliases.length);
      for (const alias of aliases) {
        expect(routes).toContainEqual({ from: `eastus2 (${alias})`, in: `eastus2 (${alias})` });
        expect(routes).toContainEqual({ from: `centralus (${alias})`, in: `eastus2 (${alias})` });
      }
      await tornDown(rehearsal);
    });
  },
);
