import { LARGEST_ITEM_BYTES } from "../../functions/producer/deadline";
import { prefetchMistakes } from "../../topology/prefetch";
import { hostSettings } from "../../packaging/host-json";
import { bundleMistakes } from "../../topology/extension-bundles";
import { warningsOf } from "../../topology/warnings";
import { type StampInput, topologyWith } from "../support/topologies";

const warnings = (change: (stamp: StampInput) => void) =>
  warningsOf(topologyWith(change)).map(({ path, what }) => `${path}: ${what}`);

type RuleInput = NonNullable<
  NonNullable<NonNullable<StampInput["topics"]>[number]["subscriptions"]>[number]["rules"]
>[number];
const withRule = (rule: Omit<RuleInput, "name">) => (stamp: StampInput) => {
  stamp.topics = [{ name: "t", subscriptions: [{ name: "s", rules: [{ name: "r", ...rule }] }] }];
};

test("the reference topology has none", () => {
  expect(warnings(() => undefined)).toEqual([]);
});

test("a region that no agent can publish to gets a warning", () => {
  expect(warnings((stamp) => (stamp.access = { deployAgents: ["10.1.2.128/28"] })).join()).toContain(
    "the sites of centralus",
  );
});

test.each<[string, Omit<RuleInput, "name">, string]>([
  ["sys.To", { sqlFilter: "sys.To = 'x' OR color = 'red'" }, "no message of the producer has to"],
  ["sys.ReplyTo", { sqlFilter: "sys.ReplyTo IS NOT NULL" }, "no message of the producer has replyTo"],
  [
    "replyToSessionId",
    { correlationFilter: { replyToSessionId: "x" } },
    "no message of the producer has replyToSessionId",
  ],
  ["another content type in SQL", { sqlFilter: "sys.ContentType = 'text/plain'" }, "content type application/json"],
  ...[
    "'text/xml' = sys.ContentType",
    "sys.ContentType LIKE 'text/%'",
    "sys.ContentType IN ('text/xml')",
    "sys.ContentType <> 'application/json'",
    "sys.ContentType IS NULL",
  ].map((sqlFilter): [string, Omit<RuleInput, "name">, string] => [
    sqlFilter,
    { sqlFilter },
    "content type application/json",
  ]),
  ["a property that the producer refuses", { sqlFilter: "traceparent = 'x'" }, "has traceparent"],
  ["the same by its name in a text", { sqlFilter: "property('traceparent') = 'x'" }, "has traceparent"],
  ["the same as a correlation", { correlationFilter: { properties: { traceparent: "x" } } }, "has traceparent"],
  ["a property of the consumer's", { sqlFilter: "consumerDeferrals > 0" }, "has consumerDeferrals"],
  ["a label that is too long", { correlationFilter: { label: "x".repeat(129) } }, "such a label"],
  ["a correlation id with a space", { sqlFilter: "sys.CorrelationId = 'a b'" }, "such a correlationId"],
  ["what its own action sets, afterwards", { sqlFilter: "sys.To = 'x'", action: "SET sys.To = 'x'" }, "has to"],
  ["another content type", { correlationFilter: { contentType: "text/plain" } }, "content type application/json"],
])("a filter on %s, which the producer never sets, is worth a warning", (_, rule, what) => {
  expect(warnings(withRule(rule)).join()).toContain(what);
  // Others may set it.
  expect(
    warnings((stamp) => {
      withRule(rule)(stamp);
      stamp.access = {
        ...stamp.access,
        senders: [{ principalId: "99999999-8888-7777-6666-555555555555", entities: ["t"] }],
      };
    }),
  ).toEqual([]);
});

test("who sends to another topic does not meet it", () => {
  expect(
    warnings((stamp) => {
      withRule({ sqlFilter: "sys.To = 'x'" })(stamp);
      stamp.access = { senders: [{ principalId: "99999999-8888-7777-6666-555555555555", entities: ["queue1"] }] };
    }).join(),
  ).toContain("no message of the producer has to");
});

test("where the way to the CDN is closed, host.json must not need it", () => {
  const topology = topologyWith((stamp) => (stamp.extensionBundlesFromCdn = false));
  expect(bundleMistakes(topology, { extensionBundle: false })).toEqual([]);
  expect(bundleMistakes(topology, { extensionBundle: true })).toMatchObject([
    { path: "stamps[0].extensionBundlesFromCdn" },
  ]);
  expect(bundleMistakes(topologyWith(), { extensionBundle: true })).toEqual([]);
  expect(hostSettings()).toMatchObject({ extensionBundle: true, prefetchCount: 0 });
});

test.each<Omit<RuleInput, "name">>([
  { sqlFilter: "sys.ContentType = 'application/json' AND sys.ContentType IS NOT NULL" },
  { sqlFilter: "sys.Label = 'x' AND sys.MessageId LIKE 'a%' AND sys.CorrelationId = 'c' AND color = 'red'" },
  { correlationFilter: { label: "x", contentType: "application/json", properties: { color: "red" } } },
])("a filter on what a caller can set is worth none: %j", (rule) => {
  expect(warnings(withRule(rule))).toEqual([]);
});

test.each([
  "sys.To IS NULL",
  "NOT EXISTS(sys.To)",
  "sys.ContentType LIKE 'application/%'",
  "sys.ContentType IN ('text/plain', 'application/json')",
  "sys.ContentType IS NOT NULL",
  "sys.Label <> 'x' AND sys.CorrelationId = 'a-b'",
  "EXISTS([Diagnostic-Id]) AND producerIds LIKE '%order%'",
])("a filter that every message meets, or some, is worth none: %s", (sqlFilter) => {
  expect(warnings(withRule({ sqlFilter }))).toEqual([]);
});

test("an action of an unrelated topic sets nothing here", () => {
  expect(
    warnings((stamp) => {
      withRule({ sqlFilter: "sys.To = 'x'" })(stamp);
      stamp.topics?.push({
        name: "unrelated",
        subscriptions: [{ name: "s", rules: [{ name: "r", sqlFilter: "1=1", action: "SET sys.To = 'x'" }] }],
      });
    }).join(),
  ).toContain("has to");
});

test("an action upstream sets what a filter asks for", () => {
  expect(
    warnings((stamp) => {
      stamp.topics = [
        {
          name: "first",
          subscriptions: [
            { name: "s", forwardTo: "second", rules: [{ name: "r", sqlFilter: "1=1", action: "SET sys.To = 'x'" }] },
          ],
        },
        { name: "second", subscriptions: [{ name: "s", rules: [{ name: "r", sqlFilter: "sys.To = 'x'" }] }] },
      ];
    }),
  ).toEqual([]);
});

test("an entity that takes more than the producer can send in time is worth a warning with the number", () => {
  const [warning] = warnings((stamp) => {
    stamp.queues = [
      { name: "large", maxMessageSizeInKilobytes: 102_400 },
      { name: "fits", maxMessageSizeInKilobytes: 97_656 },
    ];
  });
  expect(warning).toContain("stamps[0].queues[0].maxMessageSizeInKilobytes");
  expect(warning).toContain(String(LARGEST_ITEM_BYTES));
});

test("prefetched messages wait no longer than their locks hold", () => {
  const topology = topologyWith((stamp) => {
    stamp.queues = [
      { name: "short", lockDuration: "PT30S" },
      { name: "long", lockDuration: "PT5M" },
    ];
  });
  const mistakes = (prefetchCount: number, maxConcurrentCalls: number, functionTimeout: number) =>
    prefetchMistakes(topology, { prefetchCount, maxConcurrentCalls, functionTimeout }).map(({ path }) => path);
  expect(mistakes(0, 16, 300)).toEqual([]);
  expect(mistakes(32, 16, 10)).toEqual([]);
  expect(mistakes(32, 16, 15)).toEqual([
    "stamps[0].queues[0].lockDuration",
    "stamps[0].topics[0].subscriptions[0].lockDuration",
  ]);
  expect(mistakes(32, 16, 150)).toContain("stamps[0].queues[1].lockDuration");
  expect(mistakes(1, 16, 299)).not.toContain("stamps[0].queues[1].lockDuration");
});

test("a message that a request may not bring is worth a warning", () => {
  expect(warnings((stamp) => (stamp.requests = { maxBytes: 65_536 }))).toEqual([
    expect.stringContaining("stamps[0].queues[0].maxMessageSizeInKilobytes: the entity takes 1048576 bytes"),
    expect.stringContaining("stamps[0].topics[0]"),
  ]);
});

test.each([
  ["PT5S", 10],
  ["PT30S", 5],
])(
  "a lock of %s with %i deliveries does not last a minute, where a message is held back",
  (lockDuration, maxDeliveryCount) => {
    const settings = { lockDuration, maxDeliveryCount };
    expect(
      warnings((stamp) => {
        stamp.queues = [
          { name: "plain", ...settings },
          { name: "ordered", requiresSession: true, ...settings },
        ];
        stamp.topics = [{ name: "t", subscriptions: [{ name: "s", ...settings }] }];
      }),
    ).toEqual([
      expect.stringContaining("stamps[0].queues[1].maxDeliveryCount"),
      expect.stringContaining("stamps[0].topics[0].subscriptions[0].maxDeliveryCount"),
    ]);
  },
);

describe("a Key Vault reference", () => {
  const WHY = "The consumer reads its secrets there.";

  test.each([
    ["@Microsoft.KeyVault(SecretUri=https://my-vault.vault.azure.net/secrets/api-key)"],
    ["@Microsoft.KeyVault(VaultName=my-vault;SecretName=api-key)"],
  ])("%s is worth a warning where no flow leads to the vault", (reference) => {
    const uses = (stamp: StampInput) => (stamp.appSettings = { consumer: { API_KEY: reference } });
    expect(warnings(uses)).toEqual([
      "stamps[0].appSettings.consumer.API_KEY: no declared flow leads to my-vault.vault.azure.net, so the app cannot read the secret",
    ]);
    for (const host of ["my-vault.vault.azure.net", "*.vault.azure.net"]) {
      const reached = warnings((stamp) => {
        uses(stamp);
        stamp.access = { ...stamp.access, egress: [{ hosts: [host], why: WHY }] };
      });
      expect(reached).toEqual([]);
    }
  });
});

test("a consumer that takes from nothing is worth a warning", () => {
  const found = warnings((stamp) => {
    stamp.queues = ["queue1", "closed", "shut"].map((name, index) => ({
      name,
      status: index === 0 ? ("Active" as const) : ("ReceiveDisabled" as const),
    }));
    stamp.topics = [];
    stamp.consumers = [
      { name: "all", takes: ["queue1"] },
      { name: "none", takes: ["closed"] },
    ];
    stamp.regions.forEach((each, index) => {
      each.consumers = ["all", "none"].map((consumer) => ({
        consumer,
        functionApp: `${consumer}-app-${index}`,
        storageAccount: `${consumer}app${index}`,
      }));
    });
  });
  expect(found).toEqual([
    "stamps[0].consumers: the first consumer takes from no entity that hands out messages",
    "stamps[0].consumers[1].takes: none takes from no entity that hands out messages",
  ]);
});

test("a vault that has an endpoint is reached", () => {
  const vault =
    "/subscriptions/11111111-2222-3333-4444-555555555555/resourceGroups/rg/providers/Microsoft.KeyVault/vaults";
  expect(
    warnings((stamp) => {
      stamp.appSettings = { consumer: { API_KEY: "@Microsoft.KeyVault(VaultName=my-vault;SecretName=api-key)" } };
      stamp.access = {
        ...stamp.access,
        privateServices: [{ resourceId: `${vault}/my-vault`, why: "The consumer reads its secrets there." }],
      };
    }),
  ).toEqual([]);
});
