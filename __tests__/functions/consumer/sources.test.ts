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
    { queue: "q", requiresSession: false, lockSeconds: 60 },
    { queue: "ordered", requiresSession: true, lockSeconds: 60 },
    { topic: "t", subscription: "s", requiresSession: false, lockSeconds: 60 },
  ]);
});

test("function names are legal and differ where sources do", () => {
  const names = [
    { queue: "a.b", requiresSession: false, lockSeconds: 30 },
    { queue: "a-b", requiresSession: false, lockSeconds: 30 },
    { queue: "a_b", requiresSession: false, lockSeconds: 30 },
    { topic: "a", subscription: "b-c", requiresSession: false, lockSeconds: 30 },
    { topic: "a-b", subscription: "c", requiresSession: false, lockSeconds: 30 },
    { queue: `${"x".repeat(200)}1`, requiresSession: false, lockSeconds: 30 },
    { queue: `${"x".repeat(200)}2`, requiresSession: false, lockSeconds: 30 },
  ].map(functionName);
  expect(new Set(names).size).toBe(names.length);
  for (const name of names) expect(name).toMatch(/^[A-Za-z][A-Za-z0-9_-]{0,126}$/);
});

test("an entry that is no source stops the app where it loads", () => {
  expect(() => consumerSources({ CONSUMER_SOURCES: '[{"topic":"t"}]' })).toThrow("an entry that is no source");
});

test("sources are written as short as can be, and read as they were", () => {
  const sources = [
    { queue: "queue1", requiresSession: false, lockSeconds: 30 },
    { queue: "ordered", requiresSession: true, lockSeconds: 30 },
    { topic: "topic1", subscription: "s", requiresSession: false, lockSeconds: 30 },
    { topic: "topic1", subscription: "ordered", requiresSession: true, lockSeconds: 30 },
  ];
  const written = writtenSources(sources);
  expect(JSON.parse(written)).toEqual([
    "queue1;30",
    "ordered;30;sessions",
    "topic1/s;30",
    "topic1/ordered;30;sessions",
  ]);
  expect(consumerSources({ CONSUMER_SOURCES: written })).toEqual(sources);
});
