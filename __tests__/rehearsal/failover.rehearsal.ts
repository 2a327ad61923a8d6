import { deployed, rehearsalTest, rehearsing, told } from "../support/rehearsal";
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
    expect(told(await rehearsal.plan())).toEqual([
      "geo-pair: create azurerm_servicebus_namespace_disaster_recovery_config.pairing",
    ]);
    await rehearsal.giveUpAlias();
    expect(await rehearsal.destroy()).toEqual([]);
  });
});
