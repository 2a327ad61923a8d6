import { failOver } from "../../flow/failover";
import { type Drill, expectThat, nothingLost } from "../drill";

export const failback: Drill = {
  name: "failback",
  fault:
    "After a failover the old primary is drained, its entities are deleted, it is paired again as the secondary, and a second failover makes it the primary again.",
  expected: "The alias names it again, its consumers continue, and nothing is lost in either failover.",
  regions: "both",
  messages: 400,
  fewest: 400,
  async run(flow, { messages }) {
    const { local, primary, secondary } = flow;
    const { alias = "" } = flow.stamp;
    const half = Math.ceil(messages / 2);
    await failOver(flow, { count: half, batch: 20 });
    if (!secondary) return;
    // A secondary must be empty: what it has left is deleted, so it has to be drained first.
    local.azure.change(() => {
      local.azure.removeEntities(primary.id);
      local.azure.pair({ alias, primaryId: secondary.id, partnerId: primary.id });
    });
    await flow.posting.post({ count: Math.ceil(half / 2), batch: 20, region: secondary.location });
    await flow.draining.drained(60_000);
    local.azure.failOver(alias);
    await flow.posting.post({ count: Math.floor(half / 2), batch: 20, region: primary.location });
    await flow.draining.drained(60_000);
  },
  check: (ledger, flow) => {
    const { local, primary } = flow;
    const { alias = "" } = flow.stamp;
    return [
      ...nothingLost(ledger),
      ...expectThat(
        local.azure.pairing(alias)?.primaryId === primary.id,
        "the alias does not name the first primary again",
      ),
      ...expectThat(flow.observing.openIds().length === 0, "messages are left"),
    ];
  },
};
