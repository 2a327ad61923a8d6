import { producerEntities, writtenEntities } from "../../../functions/producer/entities";
import { build, only, stackNamed } from "../../support/build";
import { topologyWith } from "../../support/topologies";

test("the allow-list is what the stack writes from the topology", () => {
  const stacks = build(
    topologyWith((stamp) => {
      stamp.queues = [
        { name: "q", maxMessageSizeInKilobytes: 2048 },
        { name: "s", requiresSession: true },
      ];
      stamp.topics = [{ name: "t", subscriptions: [{ name: "plain" }, { name: "ordered", requiresSession: true }] }];
    }),
  );
  const app = only(
    stackNamed(stacks, "workload-eastus2"),
    "azurerm_windows_function_app",
    "lockdown-pc-producer-eastus2",
  );
  const settings = app.app_settings as Record<string, string>;
  expect([...producerEntities(settings).values()]).toEqual([
    { name: "q", maxMessageBytes: 2_097_152, requiresSession: false },
    { name: "s", maxMessageBytes: 1_048_576, requiresSession: true },
    { name: "t", maxMessageBytes: 1_048_576, requiresSession: true },
  ]);
});

test.each([
  [{}, "PRODUCER_ENTITIES is missing"],
  [{ PRODUCER_ENTITIES: "queue1" }, "PRODUCER_ENTITIES is not JSON"],
  [{ PRODUCER_ENTITIES: "{}" }, "PRODUCER_ENTITIES is not a JSON list"],
  [{ PRODUCER_ENTITIES: "[7]" }, "an entry that is no entity"],
])("a broken setting %j stops the app where it loads", (settings, message) => {
  expect(() => producerEntities(settings)).toThrow(message);
});

test("entities are written as short as can be, and read as they were", () => {
  const entities = [
    { name: "queue1", maxMessageBytes: 1_048_576, requiresSession: false },
    { name: "ordered", maxMessageBytes: 1_048_576, requiresSession: true },
    { name: "large", maxMessageBytes: 2_097_152, requiresSession: false },
    { name: "parked", maxMessageBytes: 1_048_576, requiresSession: false, paused: true },
  ];
  const written = writtenEntities(entities);
  expect(JSON.parse(written)).toEqual(["queue1", ...entities.slice(1)]);
  expect([...producerEntities({ PRODUCER_ENTITIES: written }).values()]).toEqual(entities);
});
