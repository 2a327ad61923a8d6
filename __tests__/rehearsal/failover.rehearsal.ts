import { deployed, rehearsalTest, rehearsing, changesIn } from "../support/rehearsal";
import { topologyWith } from "../support/topologies";

rehearsalTest("after a failover the apps go on, and the next plan would pair anew", async () => {
  await rehearsing(topologyWith(), async (rehearsal) => {
    await deployed(rehearsal);
    await rehearsal.failOver();
    expect(await rehearsal.postOne("failed-over")).toEqual([
      { from: "centralus", in: "centralus" },
      { from: "eastus2", in: "centralus" },
    ]);
    // The alias is the new primary's: Terraform finds the old one's gone. The entities stay where they are.
    expect(changesIn(await rehearsal.plan())).toEqual([
      "geo-pair: create azurerm_servicebus_namespace_disaster_recovery_config.pairing",
    ]);
    // With that state it plans nothing: a change of code or workloads is not delayed.
    const failedOver = topologyWith((stamp) => stamp.pairing && (stamp.pairing.state = "failed-over"));
    await rehearsal.prepare({ topology: failedOver });
    expect(changesIn(await rehearsal.plan())).toEqual([]);
    const changed = topologyWith((stamp) => {
      if (stamp.pairing) stamp.pairing.state = "failed-over";
      stamp.plan = { maximumWorkers: 12 };
    });
    await rehearsal.prepare({ topology: changed });
    await rehearsal.deploy();
    expect(await rehearsal.postOne("after-failover")).toEqual([
      { from: "centralus", in: "centralus" },
      { from: "eastus2", in: "centralus" },
    ]);
    await rehearsal.giveUpAlias();
    expect(await rehearsal.destroy()).toEqual([]);
  });
});
