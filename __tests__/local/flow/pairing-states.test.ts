import { MessageFlow } from "../../../local/flow/message-flow";
import { LocalAzure } from "../../../local/local-azure";
import { freshFolder, stacksWithPackages } from "../../support/local";
import { recovering, type StampInput, topologyWith } from "../../support/topologies";

/** The reference stamp without a pairing, in the region whose namespace takes the messages. */
test.each([
  ["failed-over", "centralus", (stamp: StampInput) => stamp.pairing && (stamp.pairing.state = "failed-over")],
  ["unpaired", "eastus2", (stamp: StampInput) => stamp.pairing && (stamp.pairing.state = "unpaired")],
  ["in recovery, the former primary kept", "centralus", recovering("unpaired")],
  ["in recovery, with a new namespace", "centralus", recovering("unpaired", "lockdown-pc-eastus2-b")],
] as const)(
  "a stamp that is %s runs: messages are processed in %s, and the ledger balances",
  async (_, region, edit) => {
    const stacks = stacksWithPackages(topologyWith(edit));
    const local = await LocalAzure.start({ stacks, folder: freshFolder(), telemetry: false, instances: 1 });
    try {
      const flow = MessageFlow.ofOnlyStamp(local);
      expect(flow.primary.location).toBe(region);
      expect(flow.secondary).toBeUndefined();
      for (const from of ["eastus2", "centralus"]) await flow.posting.post({ count: 10, batch: 5, region: from });
      expect(await flow.draining.drained(20_000)).toBe(true);
      const ledger = flow.observing.ledger();
      expect(ledger.balanced).toBe(true);
      expect(Object.keys(ledger.processed)).toEqual([region]);
    } finally {
      await local.stop();
    }
  },
  60_000,
);
