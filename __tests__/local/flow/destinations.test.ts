import { azureFrom } from "../../../local/azure/from-stacks";
import { stampsIn } from "../../../local/azure/deployed-stamp";
import { destinationsOf } from "../../../local/flow/destinations";
import { build } from "../../support/build";
import { type StampInput, topologyWith } from "../../support/topologies";

function destinations(entity: string, topics: StampInput["topics"]): string[] {
  const azure = azureFrom(
    build(
      topologyWith((stamp) => {
        stamp.queues = [{ name: "r" }];
        stamp.topics = topics;
      }),
    ),
  );
  return destinationsOf(azure, stampsIn(azure)[0]?.primary.id ?? "", entity)
    .map(({ source }) => source)
    .sort();
}

test("what a subscription forwards is looked for where it forwards to, unless the subscription is paused", () => {
  const topic = (status: "Active" | "Disabled"): StampInput["topics"] => [
    { name: "t", subscriptions: [{ name: "s", status, forwardTo: "r" }, { name: "own" }] },
  ];
  expect(destinations("t", topic("Active"))).toEqual(["r", "t/own"]);
  expect(destinations("t", topic("Disabled"))).toEqual(["t/own"]);
});

test("where dead letters are forwarded to is known, however many queues there are on the way", () => {
  const azure = azureFrom(
    build(
      topologyWith((stamp) => {
        stamp.topics = [];
        stamp.queues = [
          { name: "first", forwardDeadLetteredMessagesTo: "second" },
          { name: "second", forwardDeadLetteredMessagesTo: "third" },
          { name: "third" },
        ];
      }),
    ),
  );
  const [stamp] = stampsIn(azure);
  expect(destinationsOf(azure, stamp?.primary.id ?? "", "first")).toEqual([
    { source: "first", certain: true, deadLettersTo: ["second", "third"] },
  ]);
});
