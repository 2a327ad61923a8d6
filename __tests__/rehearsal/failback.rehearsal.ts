import { setTimeout as pause } from "node:timers/promises";
import { MessageFlow } from "../../local/flow/message-flow";
import type { Rehearsal } from "../../ops/rehearsal/rehearsal";
import type { Topology } from "../../topology/schema";
import { changesIn, deployed, onCall, rehearsalTest, rehearsing } from "../support/rehearsal";
import { recovering, type StampInput, topologyWith, withOperators } from "../support/topologies";

const EAST = "lockdown-pc-eastus2";
const CENTRAL = "lockdown-pc-centralus";
const NEW = "lockdown-pc-eastus2-b";

/** What people on call may do, locks, and one more edit. */
function topologyOf(edit: (stamp: StampInput) => void = () => undefined): Topology {
  return topologyWith((stamp) => {
    stamp.protection = { ...stamp.protection, locks: true };
    withOperators(stamp);
    edit(stamp);
  });
}

const END = (stamp: StampInput) => {
  stamp.primary = "centralus";
};

/** Posts in both regions until the work is done; then everything is processed, and nothing is lost. */
async function underLoad(rehearsal: Rehearsal, work: (flow: MessageFlow) => Promise<void>): Promise<void> {
  await rehearsal.local.host.settled();
  const flow = MessageFlow.ofOnlyStamp(rehearsal.local);
  let isDone = false;
  const posting = ["eastus2", "centralus"].map(async (region) => {
    while (!isDone) {
      await flow.posting.post({ count: 2, batch: 1, region, parallel: 1 });
      await pause(1_000);
    }
  });
  try {
    await work(flow);
  } finally {
    isDone = true;
    await Promise.all(posting);
  }
  await rehearsal.local.host.settled();
  expect(await flow.draining.drained(120_000)).toBe(true);
  const { lost, unconfirmed, unknown, repeated, balanced } = flow.observing.ledger();
  const unexplained = repeated.filter(({ cause }) => cause === undefined);
  expect({ lost, unconfirmed, unknown, unexplained }).toEqual({
    lost: [],
    unconfirmed: [],
    unknown: [],
    unexplained: [],
  });
  expect(balanced).toBe(true);
}

/** Deploys an edit of the topology: every second plan is empty. @returns what the first plans would change, namespaces, entities and the pairing alone */
async function edited(rehearsal: Rehearsal, topology: Topology): Promise<string[]> {
  await rehearsal.prepare({ topology });
  const changes = entityChanges(await rehearsal.plan());
  expect([...(await rehearsal.deploy())]).toEqual([]);
  return changes;
}

/** What is planned for namespaces, entities and the pairing. */
function entityChanges(plans: Awaited<ReturnType<Rehearsal["plan"]>>): string[] {
  return changesIn(plans).filter((change) => change.includes("azurerm_servicebus_"));
}

/** `npm run failback`, which ends well and says so. */
async function failback(rehearsal: Rehearsal, says: string): Promise<void> {
  const { status, stdout, stderr } = await onCall(rehearsal, "failback", "--yes", "--wait", "60");
  expect([status, stderr]).toEqual([0, ""]);
  expect(stdout).toContain(says);
}

async function failedOver(rehearsal: Rehearsal): Promise<void> {
  const { status, stderr } = await onCall(rehearsal, "failover", "--yes", "--wait", "60");
  expect([status, stderr]).toEqual([0, ""]);
  await edited(
    rehearsal,
    topologyOf((stamp) => stamp.pairing && (stamp.pairing.state = "failed-over")),
  );
}

const ENTITIES = [
  "queue.entities_queue-queue1_23BBCF2B",
  "subscription.entities_topic-topic1_subscription-subscription1_E48A902B",
  "topic.entities_topic-topic1_4B2428BD",
].map((each) => `azurerm_servicebus_${each}`);

rehearsalTest("failed over and paired again with the former primary, messages flowing all the while", async () => {
  await rehearsing(topologyOf(), async (rehearsal) => {
    await deployed(rehearsal);
    await underLoad(rehearsal, async (flow) => {
      await failedOver(rehearsal);
      await flow.draining.until("the former primary is empty", () => flow.observing.left(EAST) === 0, 120_000);
      await failback(rehearsal, `✔ ${EAST} is empty`);
      // No queue is deleted by a plan: the former primary's are let go of, the new primary's are imported.
      expect(await edited(rehearsal, topologyOf(recovering("unpaired")))).toEqual([
        ...ENTITIES.map((each) => `geo-pair: import ${each}-centralus`),
        ...ENTITIES.map((each) => `geo-pair: remove ${each}`),
      ]);
      // Taking the edit back plans no deletion either, even without protection.
      await rehearsal.prepare({
        topology: topologyOf((stamp) => {
          stamp.protection = { preventDestroy: false, locks: false };
          if (stamp.pairing) stamp.pairing.state = "failed-over";
        }),
      });
      expect(entityChanges(await rehearsal.plan())).toEqual([
        ...ENTITIES.map((each) => `geo-pair: create ${each}`),
        ...ENTITIES.map((each) => `geo-pair: remove ${each}-centralus`),
      ]);
      await rehearsal.prepare({ topology: topologyOf(recovering("unpaired")) });
      await failback(rehearsal, `✔ ${CENTRAL} is the primary of lockdown-pc, ${EAST} its secondary`);
      expect(await edited(rehearsal, topologyOf(recovering("paired")))).toEqual([
        "geo-pair: import azurerm_servicebus_namespace_disaster_recovery_config.pairing",
      ]);
      await failback(rehearsal, "take pairing.recovery away");
      expect(await edited(rehearsal, topologyOf(END))).toEqual([]);
      await failback(rehearsal, "there is nothing to recover");
    });
    await rehearsal.unprotect(topologyOf(END));
    expect(await rehearsal.destroy()).toEqual([]);
  });
});

rehearsalTest("failed over and paired with a new namespace, messages flowing all the while", async () => {
  const withNew = (edit: (stamp: StampInput) => void) =>
    topologyOf((stamp) => {
      edit(stamp);
      const [east] = stamp.regions;
      if (east) east.serviceBus.namespace = NEW;
    });
  await rehearsing(topologyOf(), async (rehearsal) => {
    await deployed(rehearsal);
    await underLoad(rehearsal, async (flow) => {
      await failedOver(rehearsal);
      await flow.draining.until("the former primary is empty", () => flow.observing.left(EAST) === 0, 120_000);
      const changes = await edited(rehearsal, topologyOf(recovering("unpaired", NEW)));
      expect(changes.filter((change) => change.includes("azurerm_servicebus_namespace."))).toEqual([
        "messaging-eastus2: create azurerm_servicebus_namespace.namespace-recovered",
        "messaging-eastus2: remove azurerm_servicebus_namespace.namespace",
      ]);
      expect(changes.filter((change) => change.includes(": delete "))).toEqual([]);
      await failback(rehearsal, `✔ ${CENTRAL} is the primary of lockdown-pc, ${NEW} its secondary`);
      await edited(rehearsal, topologyOf(recovering("paired", NEW)));
      await failback(rehearsal, "take pairing.recovery away");
      expect(await edited(rehearsal, withNew(END))).toEqual([
        "messaging-eastus2: move azurerm_servicebus_namespace.namespace",
      ]);
    });
    const former = rehearsal.local.azure.namespaces.all().find(({ name }) => name === EAST);
    await rehearsal.unprotect(withNew(END));
    await rehearsal.deleteNamespace(former?.id ?? "");
    expect(await rehearsal.destroy()).toEqual([]);
  });
});
