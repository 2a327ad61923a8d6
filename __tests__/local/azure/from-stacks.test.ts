import { azureFrom } from "../../../local/azure/from-stacks";
import { mayDo } from "../../../local/azure/roles";
import type { Topology } from "../../../topology/schema";
import { build } from "../../support/build";
import { singleRegion, topologyWith } from "../../support/topologies";

const azureOf = (topology?: Topology) => azureFrom(build(topology));

function identityOf(azure: ReturnType<typeof azureOf>, app: string): string {
  const id = azure.apps.all().find(({ name }) => name === app)?.identityIds[0] ?? "";
  return azure.identities.get(id)?.principalId ?? "";
}

test("entities are what the stacks declare, times in milliseconds and sizes in bytes", () => {
  const azure = azureOf(
    topologyWith((stamp) => {
      stamp.queues?.push({
        name: "special",
        lockDuration: "PT1M30S",
        maxDeliveryCount: 5,
        defaultMessageTtl: "P1D",
        requiresSession: true,
        requiresDuplicateDetection: false,
        deadLetteringOnMessageExpiration: false,
        forwardDeadLetteredMessagesTo: "queue1",
      });
      stamp.topics?.[0]?.subscriptions?.push({
        name: "filtered",
        rules: [
          { name: "sql", sqlFilter: "a = 1", action: "SET b = 2" },
          { name: "correlated", correlationFilter: { replyToSessionId: "r", properties: { x: "y" } } },
        ],
      });
    }),
  );
  const [primary] = azure.namespaces.all().filter(({ location }) => location === "eastus2");
  const { queues, topics } = azure.entitiesOf(primary?.id ?? "");
  expect(queues.find(({ name }) => name === "special")).toEqual({
    name: "special",
    status: "Active",
    lockDurationMs: 90_000,
    maxDeliveryCount: 5,
    maxSizeBytes: 5120 * 1_048_576,
    maxMessageBytes: 1_048_576,
    timeToLiveMs: 86_400_000,
    deadLetterOnExpiration: false,
    requiresSession: true,
    forwardDeadLetteredTo: "queue1",
    shown: {
      enableBatchedOperations: true,
      enablePartitioning: false,
      duplicateDetectionHistoryTimeWindow: "PT10M",
    },
  });
  expect(topics[0]?.subscriptions.find(({ name }) => name === "filtered")?.rules).toEqual([
    { name: "correlated", correlationFilter: { replyToSessionId: "r", properties: { x: "y" } } },
    { name: "sql", sqlFilter: "a = 1", action: "SET b = 2" },
  ]);
});

test("the secondary of a pairing has the primary's entities, and is passive until the failover", () => {
  const azure = azureOf();
  const [east, central] = ["eastus2", "centralus"].map(
    (region) => azure.namespaces.all().find(({ location }) => location === region)?.id ?? "",
  ) as [string, string];
  expect(azure.entitiesOf(central)).toEqual(azure.entitiesOf(east));
  expect([azure.isPassive(east), azure.isPassive(central)]).toEqual([false, true]);
  azure.failOver("lockdown-pc");
  expect([azure.isPassive(east), azure.isPassive(central)]).toEqual([false, false]);
  expect(azure.pairing("lockdown-pc")).toMatchObject({ alias: "lockdown-pc", primaryId: central });
  expect(azure.pairing("lockdown-pc")).not.toHaveProperty("partnerId");
});

test("an app has the settings that the stacks give it, with its own identity in them", () => {
  const azure = azureOf();
  const app = azure.apps.all().find(({ name }) => name === "lockdown-pc-consumer-eastus2");
  const identity = azure.identities.get(app?.identityIds[0] ?? "");
  expect(app?.settings).toMatchObject({
    ServiceBus__fullyQualifiedNamespace: "lockdown-pc-eastus2.servicebus.windows.net",
    ServiceBus__clientId: identity?.clientId,
    APPLICATIONINSIGHTS_AUTHENTICATION_STRING: `ClientId=${identity?.clientId ?? ""};Authorization=AAD`,
  });
  expect(app?.settings.APPLICATIONINSIGHTS_CONNECTION_STRING).toMatch(
    /^InstrumentationKey=[-0-9a-f]{36};IngestionEndpoint=https:\/\/eastus2-0\.in\.applicationinsights\.azure\.com\//,
  );
  expect(JSON.stringify(azure.apps.all())).not.toContain("${");
});

test("roles are those of the stacks: a producer sends to both namespaces, a consumer receives from its own", () => {
  const azure = azureOf();
  const producer = identityOf(azure, "lockdown-pc-producer-eastus2");
  const consumer = identityOf(azure, "lockdown-pc-consumer-eastus2");
  const table = azure.namespaces
    .all()
    .map(({ id, location }) => [
      location,
      mayDo(azure, producer, "send", id),
      mayDo(azure, producer, "receive", id),
      mayDo(azure, consumer, "send", id),
      mayDo(azure, consumer, "receive", id),
    ])
    .sort();
  expect(table).toEqual([
    ["centralus", true, false, false, false],
    ["eastus2", true, false, false, true],
  ]);
});

test("a role on one namespace is none on another whose name begins alike", () => {
  const azure = azureOf();
  const scope = azure.namespaces.all()[0]?.id ?? "";
  azure.roleAssignments.put({ principalId: "p", role: "Azure Service Bus Data Owner", scope });
  expect(mayDo(azure, "p", "send", `${scope}/queues/q`)).toBe(true);
  expect(mayDo(azure, "p", "send", `${scope}2`)).toBe(false);
});

test("with one region there is no pairing, and every namespace is active", () => {
  const azure = azureOf(topologyWith(singleRegion));
  expect(azure.aliases()).toEqual([]);
  expect(azure.namespaces.all().map(({ id }) => azure.isPassive(id))).toEqual([false]);
});
