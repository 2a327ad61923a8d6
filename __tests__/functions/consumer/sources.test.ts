import { consumerSources, writtenSources, functionName } from "../../../functions/consumer/sources";
import { build, only, stackNamed } from "../../support/build";
import { topologyWith } from "../../support/topologies";

test("the sources are what the stack writes: all that keeps its messages", () => {
  const stacks = build(
    topologyWith((stamp) => {
      stamp.queues = [{ name: "q" }, { name: "relay", forwardTo: "q" }, { name: "ordered", requiresSession: true }];
      stamp.topics = [{ name: "t", subscriptions: [{ name: "s" }, { name: "copy", forwardTo: "q" }] }];
    }),
  );
  const app = only(
    stackNamed(stacks, "workload-centralus"),
    "azurerm_windows_function_app",
    "lockdown-pc-consumer-centralus",
  );
  expect(consumerSources(app.app_settings as Record<string, string>)).toEqual([
    { queue: "q", requiresSession: false },
    { queue: "ordered", requiresSession: true },
    { topic: "t", subscription: "s", requiresSession: false },
  ]);
});

test("function names are legal and differ where sources do", () => {
  const names = [
    { queue: "a.b", requiresSession: false },
    { queue: "a-b", requiresSession: false },
    { queue: "a_b", requiresSession: false },
    { topic: "a", subscription: "b-c", requiresSession: false },
    { topic: "a-b", subscription: "c", requiresSession: false },
    { queue: `${"x".repeat(200)}1`, requiresSession: false },
    { queue: `${"x".repeat(200)}2`, requiresSession: false },
  ].map(functionName);
  expect(new Set(names).size).toBe(names.length);
  for (const name of names) expect(name).toMatch(/^[A-Za-z][A-Za-z0-9_-]{0,126}$/);
});

test("an entry that is no source stops the app where it loads", () => {
  expect(() => consumerSources({ CONSUMER_SOURCES: '[{"topic":"t"}]' })).toThrow("an entry that is no source");
});

test("sources are written as short as can be, and read as they were", () => {
  const sources = [
    { queue: "queue1", requiresSession: false },
    { queue: "ordered", requiresSession: true },
    { topic: "topic1", subscription: "s", requiresSession: false },
    { topic: "topic1", subscription: "ordered", requiresSession: true },
  ];
  const written = writtenSources(sources);
  expect(JSON.parse(written)).toEqual(["queue1", sources[1], "topic1/s", sources[3]]);
  expect(consumerSources({ CONSUMER_SOURCES: written })).toEqual(sources);
});
