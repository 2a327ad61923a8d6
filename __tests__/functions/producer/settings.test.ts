import { producerEntities, writtenEntities } from "../../../functions/producer/entities";
import { LARGEST_ITEM_BYTES } from "../../../functions/producer/deadline";
import { requestLimits } from "../../../functions/producer/limits";
import { build, only, stackNamed } from "../../support/build";
import { type StampInput, topologyWith } from "../../support/topologies";

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

test.each([
  [{}, "PRODUCER_LIMITS is missing"],
  [{ PRODUCER_LIMITS: "1000" }, "PRODUCER_LIMITS has no items and bytes"],
  [{ PRODUCER_LIMITS: "{" }, "PRODUCER_LIMITS is not JSON"],
  [{ PRODUCER_LIMITS: '{"items":0,"bytes":1}' }, "PRODUCER_LIMITS has no items and bytes"],
])("so do broken limits: %j", (settings, message) => {
  expect(() => requestLimits(settings)).toThrow(message);
});

const settingsOf = (change: (stamp: StampInput) => void) =>
  only(
    stackNamed(build(topologyWith(change)), "workload-eastus2"),
    "azurerm_windows_function_app",
    "lockdown-pc-producer-eastus2",
  ).app_settings as Record<string, string>;

test("what a request may bring is the topology's: the host takes a little more, so that a request over it gets an answer", () => {
  const shipped = settingsOf(() => undefined);
  expect(requestLimits(shipped)).toEqual({ items: 1_000, bytes: 4_194_304 });
  expect(shipped.FUNCTIONS_REQUEST_BODY_SIZE_LIMIT).toBe("5242880");
  expect(requestLimits(settingsOf((stamp) => (stamp.requests = { maxItems: 50, maxBytes: 65_536 })))).toEqual({
    items: 50,
    bytes: 65_536,
  });
  const large = settingsOf((stamp) => (stamp.queues = [{ name: "q", maxMessageSizeInKilobytes: 102_400 }]));
  expect(requestLimits(large).bytes).toBe(LARGEST_ITEM_BYTES);
  expect(Number(large.FUNCTIONS_REQUEST_BODY_SIZE_LIMIT)).toBeLessThanOrEqual(104_857_600);
});

test("ids belong to callers where App Service authenticates them", () => {
  const tenantId = "11111111-1111-1111-1111-111111111111";
  expect(
    requestLimits(settingsOf((stamp) => (stamp.authentication = { tenantId, clientId: tenantId }))).idsByCaller,
  ).toBe(true);
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
