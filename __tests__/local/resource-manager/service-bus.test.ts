import { ServiceBusManagementClient } from "@azure/arm-servicebus";
import { id, resourceManager, type ResourceManagerUnderTest, SUBSCRIPTION_ID } from "../../support/resource-manager";

let arm: ResourceManagerUnderTest;
let bus: ServiceBusManagementClient;
beforeEach(async () => {
  arm = await resourceManager();
  bus = new ServiceBusManagementClient(arm.credential, SUBSCRIPTION_ID, {
    ...arm.options,
    retryOptions: { maxRetries: 0 },
  });
});
afterEach(() => arm.stop());

const NAMESPACES = "Microsoft.ServiceBus/namespaces";
const EAST = "bus-east";
const CENTRAL = "bus-central";

const namespace = (name: string, location = "eastus2", more: object = {}) =>
  arm.put(`${NAMESPACES}/${name}`, {
    location,
    sku: { name: "Premium", tier: "Premium", capacity: 1 },
    properties: { publicNetworkAccess: "Disabled", disableLocalAuth: true, premiumMessagingPartitions: 1 },
    ...more,
  });
const both = async () => {
  await namespace(EAST);
  await namespace(CENTRAL, "centralus");
};
const pair = (primary = EAST, partner = CENTRAL) =>
  bus.disasterRecoveryConfigs.createOrUpdate("g", primary, "bus-alias", {
    partnerNamespace: id(`${NAMESPACES}/${partner}`),
  });
const roles = async () =>
  await Promise.all(
    [EAST, CENTRAL].map(async (name) => {
      try {
        return (await bus.disasterRecoveryConfigs.get("g", name, "bus-alias")).role;
      } catch (error) {
        return (error as { statusCode?: number }).statusCode;
      }
    }),
  );
const endpoint = async (name: string, target: string) => {
  const location = "eastus2";
  await arm.put("Microsoft.Network/virtualNetworks/hub", {
    location,
    properties: { addressSpace: { addressPrefixes: ["10.0.0.0/16"] } },
  });
  await arm.put("Microsoft.Network/virtualNetworks/hub/subnets/work", { properties: { addressPrefix: "10.0.1.0/24" } });
  await arm.put(`Microsoft.Network/privateEndpoints/${name}`, {
    location,
    properties: {
      subnet: { id: id("Microsoft.Network/virtualNetworks/hub/subnets/work") },
      privateLinkServiceConnections: [
        { name: "c", properties: { privateLinkServiceId: id(`${NAMESPACES}/${target}`), groupIds: ["namespace"] } },
      ],
    },
  });
};

describe("namespaces", () => {
  test("have unique names, aliases included, and that are host names", async () => {
    await namespace(EAST);
    await expect(namespace("bus_east")).rejects.toThrow("is not valid: 6 to 50 letters");
    const other = `/subscriptions/${SUBSCRIPTION_ID}/resourceGroups/other`;
    await arm.put(other, { location: "eastus2" });
    await expect(arm.put(`${other}/providers/${NAMESPACES}/${EAST}`, { location: "eastus2" })).rejects.toMatchObject({
      code: "NamespaceNotAvailable",
    });
    await expect(bus.namespaces.checkNameAvailability({ name: EAST })).resolves.toMatchObject({ nameAvailable: false });
    await namespace(CENTRAL, "centralus");
    await pair();
    await expect(namespace("bus-alias")).rejects.toMatchObject({ code: "NamespaceNotAvailable" });
  });

  test.each([
    [1, 3],
    [2, 1],
    [4, 2],
    [3, 3],
  ])("with %i partitions do not take %i units", async (premiumMessagingPartitions, capacity) => {
    const wanted = { sku: { name: "Premium", tier: "Premium", capacity }, properties: { premiumMessagingPartitions } };
    await expect(namespace(EAST, "eastus2", wanted)).rejects.toThrow("messaging");
  });

  test("deny by rule only with an exception", async () => {
    await namespace(EAST);
    await expect(bus.namespaces.createOrUpdateNetworkRuleSet("g", EAST, { defaultAction: "Deny" })).rejects.toThrow(
      "cannot be Deny without any IP or virtual network rule",
    );
    await bus.namespaces.createOrUpdateNetworkRuleSet("g", EAST, {
      defaultAction: "Deny",
      ipRules: [{ ipMask: "1.2.3.4" }],
    });
  });

  test("give out keys that open nothing", async () => {
    await namespace(EAST);
    const keys = await bus.namespaces.listKeys("g", EAST, "RootManageSharedAccessKey");
    expect(keys).toMatchObject({ keyName: "RootManageSharedAccessKey", primaryKey: "" });
  });
});

describe("entities", () => {
  beforeEach(both);

  test("are what the broker serves, and are read as Azure normalises them", async () => {
    await bus.queues.createOrUpdate("g", EAST, "queue1", { lockDuration: "PT60S", maxDeliveryCount: 5 });
    const queue = await bus.queues.get("g", EAST, "queue1");
    expect(queue).toMatchObject({
      lockDuration: "PT1M",
      maxDeliveryCount: 5,
      defaultMessageTimeToLive: "P10675199DT2H48M5.4775807S",
      requiresSession: false,
      status: "Active",
    });
    expect(arm.azure.entitiesOf(id(`${NAMESPACES}/${EAST}`)).queues).toMatchObject([
      { name: "queue1", lockDurationMs: 60_000, maxDeliveryCount: 5 },
    ]);
    await bus.topics.createOrUpdate("g", EAST, "topic1", {});
    await bus.subscriptions.createOrUpdate("g", EAST, "topic1", "s", { deadLetteringOnMessageExpiration: true });
    expect((await bus.rules.get("g", EAST, "topic1", "s", "$Default")).sqlFilter?.sqlExpression).toBe("1=1");
    await bus.rules.createOrUpdate("g", EAST, "topic1", "s", "reds", {
      filterType: "SqlFilter",
      sqlFilter: { sqlExpression: "colour = 'red'" },
    });
    expect(arm.azure.entitiesOf(id(`${NAMESPACES}/${EAST}`)).topics[0]?.subscriptions[0]).toMatchObject({
      name: "s",
      deadLetterOnExpiration: true,
      rules: [{ name: "reds", sqlFilter: "colour = 'red'" }],
    });
    await bus.queues.delete("g", EAST, "queue1");
    expect(arm.azure.entitiesOf(id(`${NAMESPACES}/${EAST}`)).queues).toEqual([]);
  });

  test("keep what is fixed, and Azure's bounds", async () => {
    await bus.queues.createOrUpdate("g", EAST, "queue1", { requiresSession: true });
    await expect(bus.queues.createOrUpdate("g", EAST, "queue1", { requiresSession: false })).rejects.toThrow(
      "RequiresSession",
    );
    await expect(bus.queues.createOrUpdate("g", EAST, "long", { lockDuration: "PT10M" })).rejects.toThrow(
      "five minutes",
    );
    await expect(bus.queues.createOrUpdate("g", EAST, "none", { maxDeliveryCount: 0 })).rejects.toThrow("1 to 2000");
    await expect(bus.queues.createOrUpdate("g", EAST, "split", { enablePartitioning: true })).rejects.toThrow(
      "one messaging partition",
    );
    await expect(bus.queues.createOrUpdate("g", EAST, "to", { forwardTo: "nowhere" })).rejects.toThrow(
      "could not be found",
    );
    await expect(bus.topics.createOrUpdate("g", EAST, "queue1", {})).rejects.toThrow("exists already");
  });
});

test("a namespace can be put again as it is, and without a sku it is Standard", async () => {
  const standard = () => arm.put(`${NAMESPACES}/bus-standard`, { location: "eastus2", sku: { name: "Standard" } });
  const plain = () => arm.put(`${NAMESPACES}/bus-plain`, { location: "eastus2" });
  for (const put of [standard, plain, () => namespace(EAST)]) {
    await put();
    await put();
  }
  expect((await bus.namespaces.get("g", "bus-plain")).sku).toMatchObject({ name: "Standard" });
});

describe("the pairing", () => {
  beforeEach(both);

  test("joins namespaces of one kind in two regions, each once", async () => {
    await expect(pair(EAST, "bus-nowhere")).rejects.toThrow("was not found");
    await namespace("bus-twin");
    await expect(pair(EAST, "bus-twin")).rejects.toThrow("same region");
    await namespace("bus-split", "centralus", {
      sku: { name: "Premium", tier: "Premium", capacity: 2 },
      properties: { premiumMessagingPartitions: 2 },
    });
    await expect(pair(EAST, "bus-split")).rejects.toThrow("different numbers of messaging partitions");
    await arm.put(`${NAMESPACES}/bus-standard`, {
      location: "centralus",
      sku: { name: "Standard" },
    });
    await expect(pair(EAST, "bus-standard")).rejects.toThrow("Premium");
    await pair();
    expect(await roles()).toEqual(["Primary", "Secondary"]);
    await namespace("bus-third", "westus3");
    await expect(
      bus.disasterRecoveryConfigs.createOrUpdate("g", EAST, "other-alias", {
        partnerNamespace: id(`${NAMESPACES}/bus-third`),
      }),
    ).rejects.toThrow("one pairing");
  });

  test("waits for a namespace that is still being made", async () => {
    const release = arm.manager.operations.hold({ matches: (each) => each.endsWith("/bus-slow") });
    const making = namespace("bus-slow", "westus3");
    await new Promise((done) => setTimeout(done, 100));
    await expect(pair(EAST, "bus-slow")).rejects.toMatchObject({ code: "ReferencedResourceNotProvisioned" });
    await expect(bus.queues.createOrUpdate("g", "bus-slow", "queue1", {})).rejects.toMatchObject({
      code: "ReferencedResourceNotProvisioned",
    });
    release();
    await making;
    await pair(EAST, "bus-slow");
  });

  test("takes a secondary that is new and empty", async () => {
    await bus.queues.createOrUpdate("g", CENTRAL, "queue1", {});
    await expect(pair()).rejects.toThrow("must not contain any entities: it has 1 queues and 0 topics");
  });

  test("comes after the secondary's endpoint, where the primary has one", async () => {
    await endpoint("to-east", EAST);
    await expect(pair()).rejects.toThrow("has a private endpoint and the secondary namespace 'bus-central' has none");
    await endpoint("to-central", CENTRAL);
    await pair();
  });

  test("lets no new endpoint on the primary in before the secondary has one", async () => {
    await pair();
    await expect(endpoint("to-east", EAST)).rejects.toThrow("create a private endpoint on the secondary namespace");
    await endpoint("to-central", CENTRAL);
    await endpoint("to-east", EAST);
  });

  test("makes the secondary read-only, tags included, with the primary's entities", async () => {
    await pair();
    await bus.queues.createOrUpdate("g", EAST, "queue1", {});
    expect((await bus.queues.get("g", CENTRAL, "queue1")).status).toBe("Active");
    await expect(bus.queues.createOrUpdate("g", CENTRAL, "queue2", {})).rejects.toThrow("secondary namespace");
    await expect(bus.queues.delete("g", CENTRAL, "queue1")).rejects.toThrow("Cannot delete an entity");
    await expect(namespace(CENTRAL, "centralus", { tags: { new: "tag" } })).rejects.toThrow(
      "Cannot update a namespace which is secondary",
    );
    await namespace(EAST, "eastus2", { tags: { new: "tag" } });
  });

  test("fails over when the secondary is asked, one way; the old primary keeps what it has", async () => {
    await pair();
    await bus.queues.createOrUpdate("g", EAST, "queue1", {});
    await expect(bus.disasterRecoveryConfigs.failOver("g", EAST, "bus-alias")).rejects.toThrow(
      "must be initiated on the secondary namespace",
    );
    await bus.disasterRecoveryConfigs.failOver("g", CENTRAL, "bus-alias");
    expect(await roles()).toEqual([404, "PrimaryNotReplicating"]);
    expect((await bus.queues.get("g", EAST, "queue1")).status).toBe("Active");
    await bus.queues.createOrUpdate("g", CENTRAL, "queue2", {});
    await namespace(CENTRAL, "centralus", { tags: { new: "tag" } });
  });

  test("is broken, then deleted, then its name is free; until then both namespaces stay", async () => {
    await pair();
    await expect(arm.remove(`${NAMESPACES}/${EAST}`)).rejects.toThrow("break the pairing");
    await expect(bus.disasterRecoveryConfigs.delete("g", EAST, "bus-alias")).rejects.toThrow("break the pairing first");
    await bus.disasterRecoveryConfigs.breakPairing("g", EAST, "bus-alias");
    await expect(
      bus.disasterRecoveryConfigs.checkNameAvailability("g", EAST, { name: "bus-alias" }),
    ).resolves.toMatchObject({ reason: "NameInUse" });
    await bus.disasterRecoveryConfigs.delete("g", EAST, "bus-alias");
    await expect(
      bus.disasterRecoveryConfigs.checkNameAvailability("g", EAST, { name: "bus-alias" }),
    ).resolves.toMatchObject({ reason: "None" });
    await arm.remove(`${NAMESPACES}/${EAST}`);
    await arm.remove(`${NAMESPACES}/${CENTRAL}`);
  });

  test("freezes its namespaces while it is being made", async () => {
    const release = arm.manager.operations.hold({ matches: (each) => each.includes("/disasterRecoveryConfigs/") });
    await pair();
    expect((await bus.disasterRecoveryConfigs.get("g", EAST, "bus-alias")).provisioningState).toBe("Accepted");
    await expect(bus.queues.createOrUpdate("g", EAST, "queue1", {})).rejects.toThrow("SubCode=40901");
    release();
    await bus.queues.createOrUpdate("g", EAST, "queue1", {});
    expect((await bus.disasterRecoveryConfigs.get("g", EAST, "bus-alias")).provisioningState).toBe("Succeeded");
  });
});
