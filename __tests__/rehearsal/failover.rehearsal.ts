import { changesIn, deployed, onCall, rehearsalTest, rehearsing } from "../support/rehearsal";
import { topologyWith } from "../support/topologies";

rehearsalTest("after a failover the apps go on, and the next plan would pair anew", async () => {
  await rehearsing(topologyWith(), async (rehearsal) => {
    await deployed(rehearsal);
    const { status, stdout, stderr } = await onCall(rehearsal, "failover", "--yes", "--wait", "60");
    expect([status, stderr]).toEqual([0, ""]);
    expect(stdout).toContain("topology: paired, primary eastus2");
    expect(stdout).toContain(
      "state: geo-pair pairs lockdown-pc-eastus2 with lockdown-pc-centralus; its entities are on lockdown-pc-eastus2",
    );
    expect(stdout).toContain("✔ lockdown-pc-centralus is the primary of lockdown-pc");
    expect(stdout).toMatch(/✔ from eastus2: .* the endpoint of lockdown-pc-centralus/);
    expect(await rehearsal.postOne("failed-over")).toEqual([
      { from: "centralus", in: "centralus" },
      { from: "eastus2", in: "centralus" },
    ]);
    // The alias is the new primary's: Terraform finds the old one's gone. The entities stay where they are.
    expect(changesIn(await rehearsal.plan())).toEqual([
      "geo-pair: create azurerm_servicebus_namespace_disaster_recovery_config.pairing",
    ]);
    // With that state it lets go of the pairing, and plans nothing else: a change of code or workloads is not delayed.
    const failedOver = topologyWith((stamp) => stamp.pairing && (stamp.pairing.state = "failed-over"));
    await rehearsal.prepare({ topology: failedOver });
    expect(changesIn(await rehearsal.plan())).toEqual([
      "geo-pair: remove azurerm_servicebus_namespace_disaster_recovery_config.pairing",
    ]);
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
