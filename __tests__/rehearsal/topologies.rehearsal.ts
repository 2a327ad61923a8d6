import { deployed, rehearsalTest, rehearsing, tornDown } from "../support/rehearsal";
import { secondStamp, singleRegion, topologyWith, viaGateway } from "../support/topologies";

const TOPOLOGIES = [
  ["a single region", topologyWith(singleRegion)],
  ["egress by VPN gateway", topologyWith(viaGateway("vpn-gateway"))],
  ["egress by ExpressRoute", topologyWith(viaGateway("expressroute"))],
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
