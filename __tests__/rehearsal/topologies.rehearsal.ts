import { deployed, rehearsalTest, rehearsing, tornDown } from "../support/rehearsal";
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
    "two stamps",
    topologyWith((stamp, input) => {
      singleRegion(stamp);
      secondStamp(input, "blue", 20);
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
