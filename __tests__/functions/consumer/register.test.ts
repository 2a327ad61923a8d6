import type { FunctionMetadata } from "../../../local/functions-host/worker/core";

/** The part of Azure's worker that functions are registered with. */
const registered: FunctionMetadata[] = [];
jest.mock(
  "@azure/functions-core",
  () => ({
    version: "3.12.0",
    registerFunction: (metadata: FunctionMetadata) => {
      registered.push(metadata);
    },
    setProgrammingModel: () => undefined,
  }),
  { virtual: true },
);

test("every trigger asks for bytes: of a text the host would copy members over the metadata", async () => {
  const { registerConsumer } = await import("../../../functions/consumer/register");
  registerConsumer(
    {
      ServiceBus__fullyQualifiedNamespace: "n.servicebus.windows.net",
      ServiceBus__clientId: "an-id",
      CONSUMER_SOURCES: JSON.stringify(["queue1;30", "topic1/s;60;sessions"]),
    },
    () => Promise.resolve(),
  );
  const triggers = registered
    .flatMap(({ bindings }) => Object.values(bindings))
    .filter(({ type }) => type === "serviceBusTrigger");
  expect(triggers).toEqual([
    expect.objectContaining({ queueName: "queue1", dataType: "binary", isSessionsEnabled: false }),
    expect.objectContaining({
      topicName: "topic1",
      subscriptionName: "s",
      dataType: "binary",
      isSessionsEnabled: true,
    }),
  ]);
});
