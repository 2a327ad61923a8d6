import { spawn } from "node:child_process";
import { dirname, join } from "node:path";
import { operatorEnvironment } from "../../local/operators/operator-host";
import type { Rehearsal } from "../../ops/rehearsal/rehearsal";
import { REHEARSAL_SUBSCRIPTION, withoutSignIn } from "../../ops/rehearsal/terraform-environment";
import { ArmIds } from "../../topology/arm-ids";
import { deployed, rehearsalTest, rehearsing, changesIn } from "../support/rehearsal";
import { topologyWith } from "../support/topologies";

rehearsalTest("after a failover the apps go on, and the next plan would pair anew", async () => {
  await rehearsing(topologyWith(), async (rehearsal) => {
    await deployed(rehearsal);
    const { status, stdout, stderr } = await byCommand(rehearsal);
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

/** `npm run failover`, as a person on call runs it: on a host in the network, with the state that Terraform has written. */
async function byCommand(rehearsal: Rehearsal) {
  const [region] = topologyWith().stamps[0]?.regions ?? [];
  if (!region) throw new Error("The topology has no region.");
  const host = await operatorEnvironment(rehearsal.local, {
    subscription: REHEARSAL_SUBSCRIPTION,
    folder: dirname(rehearsal.outdir),
    at: { subnetId: new ArmIds(REHEARSAL_SUBSCRIPTION).subnet(region, "workloadSubnet"), address: "10.1.2.146" },
  });
  const launcher = join(process.cwd(), "ops/run.cjs");
  const child = spawn(process.execPath, [launcher, "failover", "--yes", "--wait", "60"], {
    stdio: ["ignore", "pipe", "pipe"],
    env: {
      ...withoutSignIn(process.env),
      ...host,
      TOPOLOGY: rehearsal.topologyPath,
      CDKTF_OUTDIR: rehearsal.outdir,
    },
  });
  let [stdout, stderr] = ["", ""];
  child.stdout.on("data", (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (stderr += chunk.toString()));
  const status = await new Promise<number | null>((done, failed) => {
    child.once("error", failed);
    child.once("close", done);
  });
  return { status, stdout, stderr };
}
