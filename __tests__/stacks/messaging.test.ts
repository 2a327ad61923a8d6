import { consumerSources, sourceName } from "../../functions/consumer/sources";
import { producerEntities } from "../../functions/producer/entities";
import { entitiesOn } from "../../local/azure/entities";
import { resourcesOf } from "../../synthesized/cdktf-out";
import { comesAfter } from "../../synthesized/order";
import { all } from "../../synthesized/resources";
import { build, ofType, only, stackNamed, SUBSCRIPTION } from "../support/build";
import { recovering, region, singleRegion, type StampInput, topologyWith } from "../support/topologies";

const geoPair = (change?: (stamp: StampInput) => void) => stackNamed(build(topologyWith(change)), "geo-pair");
const namespaceId = (location: string) =>
  `/subscriptions/${SUBSCRIPTION}/resourceGroups/messaging-${location}-rg/providers/Microsoft.ServiceBus/namespaces/lockdown-pc-${location}`;

test.each(["eastus2", "centralus"])("the namespace of %s is Premium, closed and keyless, and protected", (location) => {
  expect(only(stackNamed(build(), `messaging-${location}`), "azurerm_servicebus_namespace")).toMatchObject({
    name: `lockdown-pc-${location}`,
    sku: "Premium",
    capacity: 1,
    premium_messaging_partitions: 1,
    public_network_access_enabled: false,
    local_auth_enabled: false,
    minimum_tls_version: "1.2",
    lifecycle: { prevent_destroy: true },
  });
});

describe("the endpoints", () => {
  test("are in every spoke for every namespace, under the design document's names, each in its own region's zone", () => {
    const endpoints = ofType(geoPair(), "azurerm_private_endpoint").map((endpoint) => ({
      name: endpoint.name,
      address: (endpoint.ip_configuration as { private_ip_address: string }[])[0]?.private_ip_address,
      to: (
        endpoint.private_service_connection as { private_connection_resource_id: string }
      ).private_connection_resource_id
        .split("/")
        .at(-1),
      group: String(endpoint.subnet_id).split("/")[4],
      zone: (endpoint.private_dns_zone_group as { private_dns_zone_ids: string[] }).private_dns_zone_ids.map(
        (id) => id.split("/")[4],
      ),
    }));
    expect(endpoints).toEqual([
      {
        name: "CentraltoCentral",
        address: "10.3.2.240",
        to: "lockdown-pc-centralus",
        group: "network-centralus-rg",
        zone: ["network-centralus-rg"],
      },
      {
        name: "CentraltoEast",
        address: "10.3.2.241",
        to: "lockdown-pc-eastus2",
        group: "network-centralus-rg",
        zone: ["network-centralus-rg"],
      },
      {
        name: "EasttoCentral",
        address: "10.1.2.241",
        to: "lockdown-pc-centralus",
        group: "network-eastus2-rg",
        zone: ["network-eastus2-rg"],
      },
      {
        name: "EasttoEast",
        address: "10.1.2.240",
        to: "lockdown-pc-eastus2",
        group: "network-eastus2-rg",
        zone: ["network-eastus2-rg"],
      },
    ]);
  });

  test("of other regions go by the region's display name", () => {
    const names = ofType(
      geoPair((stamp) => {
        region(stamp, 0).location = stamp.primary = "westeurope";
        region(stamp, 1).location = "eastus";
      }),
      "azurerm_private_endpoint",
    ).map(({ name }) => name);
    expect(names).toEqual(["EastUStoEastUS", "EastUStoWestEurope", "WestEuropetoEastUS", "WestEuropetoWestEurope"]);
  });

  test("of a region stay as they are when a second region comes", () => {
    const [alone] = ofType(geoPair(singleRegion), "azurerm_private_endpoint");
    const together = ofType(geoPair(), "azurerm_private_endpoint");
    expect(together).toContainEqual(alone);
  });
});

describe("the pairing", () => {
  test("replicates from the primary, under the alias", () => {
    expect(only(geoPair(), "azurerm_servicebus_namespace_disaster_recovery_config")).toMatchObject({
      name: "lockdown-pc",
      primary_namespace_id: namespaceId("eastus2"),
      partner_namespace_id: namespaceId("centralus"),
    });
  });

  test("turns round with the primary", () => {
    const stack = geoPair((stamp) => (stamp.primary = "centralus"));
    expect(only(stack, "azurerm_servicebus_namespace_disaster_recovery_config")).toMatchObject({
      primary_namespace_id: namespaceId("centralus"),
      partner_namespace_id: namespaceId("eastus2"),
    });
    expect(only(stack, "azurerm_servicebus_queue").namespace_id).toBe(namespaceId("centralus"));
  });

  test.each([
    ["one region", singleRegion],
    ["two regions unpaired", (stamp: StampInput) => stamp.pairing && (stamp.pairing.state = "unpaired")],
  ])("is not there for %s; the entities are the primary's all the same", (_, change) => {
    const stack = geoPair(change);
    expect(ofType(stack, "azurerm_servicebus_namespace_disaster_recovery_config")).toEqual([]);
    for (const entity of [...ofType(stack, "azurerm_servicebus_queue"), ...ofType(stack, "azurerm_servicebus_topic")]) {
      expect(entity.namespace_id).toBe(namespaceId("eastus2"));
    }
  });
});

describe("a recovery after a failover", () => {
  const QUEUE = "azurerm_servicebus_queue.entities_queue-queue1_23BBCF2B";
  const blocks = (stack: ReturnType<typeof geoPair>, name: "import" | "moved" | "removed") =>
    (stack.json as Readonly<Record<string, readonly Readonly<Record<string, unknown>>[] | undefined>>)[name] ?? [];

  test("lets go of the former primary's entities, and imports the new primary's", () => {
    const stack = geoPair(recovering("unpaired"));
    expect(only(stack, "azurerm_servicebus_queue").namespace_id).toBe(namespaceId("centralus"));
    expect(blocks(stack, "removed")).toContainEqual({ from: QUEUE, lifecycle: { destroy: false } });
    expect(blocks(stack, "import")).toContainEqual({
      to: `${QUEUE}-centralus`,
      id: `${namespaceId("centralus")}/queues/queue1`,
    });
    // Terraform refuses to let go of an address that is declared.
    const declared = resourcesOf(stack).map(({ type, id }) => `${type}.${id}`);
    for (const { from } of blocks(stack, "removed")) expect(declared).not.toContain(from);
    for (const { to } of blocks(stack, "import")) expect(declared).toContain(to);
  });

  test("imports the pair once Azure has it", () => {
    expect(blocks(geoPair(recovering("paired")), "import")).toContainEqual({
      to: "azurerm_servicebus_namespace_disaster_recovery_config.pairing",
      id: `${namespaceId("centralus")}/disasterRecoveryConfigs/lockdown-pc`,
    });
  });

  test("gives a new namespace an address of its own, and keeps the other's", () => {
    const stacks = build(topologyWith(recovering("unpaired", "lockdown-pc-eastus2-b")));
    const [east, central] = ["eastus2", "centralus"].map((location) => stackNamed(stacks, `messaging-${location}`));
    expect(east && resourcesOf(east).map(({ id }) => id)).toContain("namespace-recovered");
    expect(east && blocks(east, "removed")).toEqual([
      { from: "azurerm_servicebus_namespace.namespace", lifecycle: { destroy: false } },
    ]);
    expect(central && resourcesOf(central).map(({ id }) => id)).toContain("namespace");
    expect(central && blocks(central, "removed")).toEqual([]);
  });

  test("leaves every address as it is when it ends", () => {
    const addresses = (change: (stamp: StampInput) => void) =>
      resourcesOf(geoPair(change)).map(({ type, id }) => `${type}.${id}`);
    const ended = (stamp: StampInput) => {
      stamp.primary = "centralus";
    };
    expect(addresses(ended)).toEqual(addresses(recovering("paired")));
  });

  test("no other primary means that an entity is deleted: the address of the other region's is let go of", () => {
    for (const primary of ["eastus2", "centralus"] as const) {
      const stack = geoPair((stamp) => (stamp.primary = primary));
      const left = blocks(stack, "removed").map(({ from }) => from);
      expect(left).toContain(primary === "eastus2" ? `${QUEUE}-centralus` : QUEUE);
      expect(resourcesOf(stack).map(({ type, id }) => `${type}.${id}`)).not.toEqual(expect.arrayContaining(left));
    }
    expect(blocks(geoPair(singleRegion), "removed")).toEqual([]);
  });

  test("begins with a pairing that is let go of, not deleted: the alias is the other namespace's", () => {
    const stack = geoPair((stamp) => stamp.pairing && (stamp.pairing.state = "failed-over"));
    expect(blocks(stack, "removed")).toContainEqual({
      from: "azurerm_servicebus_namespace_disaster_recovery_config.pairing",
      lifecycle: { destroy: false },
    });
  });
});

describe("entities", () => {
  test("have the design document's values, duplicate detection, and protection", () => {
    const stack = geoPair();
    expect(only(stack, "azurerm_servicebus_queue")).toMatchObject({
      name: "queue1",
      lock_duration: "PT30S",
      max_size_in_megabytes: 1024,
      default_message_ttl: "P14D",
      max_delivery_count: 10,
      requires_session: false,
      requires_duplicate_detection: true,
      partitioning_enabled: false,
      lifecycle: { prevent_destroy: true },
    });
    expect(only(stack, "azurerm_servicebus_topic")).toMatchObject({
      name: "topic1",
      support_ordering: true,
      requires_duplicate_detection: true,
    });
    expect(only(stack, "azurerm_servicebus_subscription")).toMatchObject({
      name: "subscription1",
      lifecycle: { prevent_destroy: true },
    });
  });

  test("are as the topology says, every field", () => {
    const queue = {
      status: "SendDisabled" as const,
      lockDuration: "PT5M",
      maxDeliveryCount: 3,
      maxSizeInMegabytes: 2048 as const,
      maxMessageSizeInKilobytes: 102_400,
      defaultMessageTtl: "PT1H",
      deadLetteringOnMessageExpiration: false,
      requiresDuplicateDetection: false,
      duplicateDetectionHistoryTimeWindow: "PT1M",
      requiresSession: true,
      batchedOperationsEnabled: false,
      forwardDeadLetteredMessagesTo: "graveyard",
    };
    const stack = geoPair((stamp) => {
      stamp.queues = [{ name: "q", ...queue }, { name: "graveyard" }];
    });
    expect(only(stack, "azurerm_servicebus_queue", "q")).toMatchObject({
      status: "SendDisabled",
      lock_duration: "PT5M",
      max_delivery_count: 3,
      max_size_in_megabytes: 2048,
      max_message_size_in_kilobytes: 102_400,
      default_message_ttl: "PT1H",
      dead_lettering_on_message_expiration: false,
      requires_duplicate_detection: false,
      duplicate_detection_history_time_window: "PT1M",
      requires_session: true,
      batched_operations_enabled: false,
      forward_dead_lettered_messages_to: "graveyard",
    });
  });

  test("rules filter by SQL or by correlation", () => {
    const stack = geoPair((stamp) => {
      stamp.topics = [
        {
          name: "t",
          subscriptions: [
            {
              name: "s",
              rules: [
                { name: "large", sqlFilter: "amount > 100", action: "SET priority = 'high'" },
                { name: "labelled", correlationFilter: { label: "order", properties: { country: "NL" } } },
              ],
            },
          ],
        },
      ];
    });
    expect(only(stack, "azurerm_servicebus_subscription_rule", "large")).toMatchObject({
      filter_type: "SqlFilter",
      sql_filter: "amount > 100",
      action: "SET priority = 'high'",
    });
    expect(only(stack, "azurerm_servicebus_subscription_rule", "labelled")).toMatchObject({
      filter_type: "CorrelationFilter",
      correlation_filter: { label: "order", properties: { country: "NL" } },
    });
  });

  test("that forward come after where they forward to", () => {
    const stack = geoPair((stamp) => {
      stamp.queues = [{ name: "first", forwardTo: "second" }, { name: "second" }];
      stamp.topics = [{ name: "t", subscriptions: [{ name: "s", forwardDeadLetteredMessagesTo: "first" }] }];
    });
    const named = (type: string, name: string) => all([stack], type).find(({ block }) => block.name === name);
    const [first, second, subscription] = [
      named("azurerm_servicebus_queue", "first"),
      named("azurerm_servicebus_queue", "second"),
      named("azurerm_servicebus_subscription", "s"),
    ];
    if (!first || !second || !subscription) throw new Error("an entity is missing");
    expect(comesAfter(first)).toContain(`${second.type}.${second.id}`);
    expect(comesAfter(subscription)).toContain(`${first.type}.${first.id}`);
  });

  test("wait for plain addresses, as Terraform wants them", () => {
    const stack = geoPair((stamp) => {
      stamp.queues = [{ name: "first", forwardTo: "second" }, { name: "second" }];
      stamp.topics = [{ name: "t", subscriptions: [{ name: "s", forwardTo: "first" }] }];
    });
    for (const { block } of resourcesOf(stack)) {
      for (const address of (block.depends_on ?? []) as string[]) expect(address).toMatch(/^[a-z_]+\.[\w-]+$/);
    }
  });

  test("are partitioned where the namespace is, and only there", () => {
    const stack = geoPair((stamp) => {
      for (const each of stamp.regions) Object.assign(each.serviceBus, { messagingUnits: 2, partitions: 2 });
    });
    expect(only(stack, "azurerm_servicebus_queue").partitioning_enabled).toBe(true);
    expect(only(stack, "azurerm_servicebus_topic").partitioning_enabled).toBe(true);
  });

  test("can be destroyed once protection is off", () => {
    const stacks = build(topologyWith((stamp) => (stamp.protection = { preventDestroy: false })));
    expect(JSON.stringify(stacks.map(({ json }) => json))).not.toContain('"prevent_destroy":true');
  });
});

describe("names and texts that are legal", () => {
  test("topics and subscriptions whose joined names are the same are different resources", () => {
    const stack = geoPair((stamp) => {
      stamp.topics = [
        { name: "orders-eu", subscriptions: [{ name: "audit", rules: [{ name: "r-1", sqlFilter: "a = 1" }] }] },
        {
          name: "orders",
          subscriptions: [{ name: "eu-audit" }, { name: "eu", rules: [{ name: "audit-r", sqlFilter: "a = 1" }] }],
        },
      ];
      stamp.queues = [{ name: "topic-orders" }, { name: "orders.eu" }, { name: "orders_eu" }];
    });
    expect(ofType(stack, "azurerm_servicebus_subscription").map(({ name }) => name)).toEqual([
      "audit",
      "eu-audit",
      "eu",
    ]);
    expect(ofType(stack, "azurerm_servicebus_queue")).toHaveLength(3);
    expect(ofType(stack, "azurerm_servicebus_subscription_rule")).toHaveLength(2);
  });

  test("an app named as a part of the hosts' storage has an endpoint of its own", () => {
    const stack = stackNamed(
      build(
        topologyWith((stamp) => {
          region(stamp, 0).storageAccount = "hosts";
          region(stamp, 0).functionApps.producer = "hosts-blob";
        }),
      ),
      "workload-eastus2",
    );
    const names = ofType(stack, "azurerm_private_endpoint").map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
  });

  test("what Terraform would read as its own is written so that it stays text", () => {
    const stack = geoPair((stamp) => {
      stamp.tags = { owner: "${TEAM}", note: "%{ if true }" };
      stamp.topics = [
        {
          name: "t",
          subscriptions: [
            {
              name: "s",
              rules: [
                { name: "sql", sqlFilter: "template = '${name}'", action: "SET x = '${y}'" },
                { name: "correlation", correlationFilter: { properties: { "${key}": "${value}" } } },
              ],
            },
          ],
        },
      ];
    });
    const [sql, correlation] = ["sql", "correlation"].map((name) =>
      only(stack, "azurerm_servicebus_subscription_rule", name),
    );
    expect(sql).toMatchObject({ sql_filter: "template = '$${name}'", action: "SET x = '$${y}'" });
    expect(correlation?.correlation_filter).toEqual({ properties: { "$${key}": "$${value}" } });
    expect(only(stack, "azurerm_private_endpoint", "EasttoEast").tags).toEqual({
      owner: "$${TEAM}",
      note: "%%{ if true }",
    });
    // And is read from the stacks as it was written.
    const [topic] = entitiesOn([stack], namespaceId("eastus2")).topics;
    expect(topic?.subscriptions[0]?.rules).toEqual([
      { name: "correlation", correlationFilter: { properties: { "${key}": "${value}" } } },
      { name: "sql", sqlFilter: "template = '${name}'", action: "SET x = '${y}'" },
    ]);
  });
});

describe("the apps' settings", () => {
  const settings = (app: string, change: (stamp: StampInput) => void) =>
    only(
      stackNamed(build(topologyWith(change)), "workload-eastus2"),
      "azurerm_windows_function_app",
      `lockdown-pc-${app}-eastus2`,
    ).app_settings as Record<string, string>;
  const entities = (change: (stamp: StampInput) => void) => [
    ...producerEntities(settings("producer", change)).values(),
  ];

  test("a paused queue or topic is known and takes no posts; what hands nothing out has no trigger", () => {
    const change = (stamp: StampInput) => {
      stamp.queues = [
        { name: "open" },
        { name: "parked", status: "Disabled" },
        { name: "filling", status: "ReceiveDisabled" },
        { name: "draining", status: "SendDisabled" },
      ];
      stamp.topics = [
        { name: "t", subscriptions: [{ name: "on" }, { name: "off", status: "ReceiveDisabled" }] },
        { name: "stopped", status: "Disabled", subscriptions: [{ name: "s" }] },
      ];
    };
    expect(entities(change).flatMap(({ name, paused }) => (paused ? [name] : []))).toEqual([
      "parked",
      "draining",
      "stopped",
    ]);
    const sources = consumerSources(settings("consumer", change));
    expect(sources.map(sourceName)).toEqual(["open", "draining", "t/on"]);
  });

  test("a session id is asked for wherever forwarding ends at an entity with sessions", () => {
    const asked = entities((stamp) => {
      stamp.queues = [
        { name: "in", forwardTo: "Middle" },
        { name: "middle", forwardTo: "ordered" },
        { name: "ordered", requiresSession: true },
        { name: "dead", forwardDeadLetteredMessagesTo: "ordered" },
        { name: "plain" },
      ];
      stamp.topics = [
        { name: "t", subscriptions: [{ name: "s", forwardTo: "in" }, { name: "p" }] },
        { name: "u", subscriptions: [{ name: "p" }] },
      ];
    });
    expect(asked.filter(({ requiresSession }) => requiresSession).map(({ name }) => name)).toEqual([
      "in",
      "middle",
      "ordered",
      "dead",
      "t",
    ]);
  });
});

test("other senders have the role on their entities, on both namespaces, after the entities exist", () => {
  const principalId = "99999999-8888-7777-6666-555555555555";
  const stack = geoPair((stamp) => {
    stamp.access = { senders: [{ principalId, entities: ["queue1", "Topic1"] }] };
  });
  const roles = all([stack], "azurerm_role_assignment");
  expect(
    roles.map(({ block }) => [
      block.role_definition_name,
      block.principal_id,
      String(block.scope).split("/").slice(-3).join("/"),
    ]),
  ).toEqual(
    expect.arrayContaining(
      ["queues/queue1", "topics/topic1"].flatMap((entity) =>
        ["eastus2", "centralus"].map((location) => [
          "Azure Service Bus Data Sender",
          principalId,
          `lockdown-pc-${location}/${entity}`,
        ]),
      ),
    ),
  );
  expect(roles).toHaveLength(4);
  for (const role of roles)
    expect([...comesAfter(role)].join()).toContain("azurerm_servicebus_queue.entities_queue-queue1");
});

test("people on call may receive from and send to their entities, on both namespaces", () => {
  const principalId = "12121212-3434-5656-7878-909090909090";
  const stack = geoPair((stamp) => {
    stamp.access = { operators: { principals: [{ principalId }] } };
  });
  const roles = all([stack], "azurerm_role_assignment").map(({ block }) => [
    block.role_definition_name,
    block.principal_type,
    String(block.scope).split("/").slice(-3).join("/"),
  ]);
  const expected = ["Azure Service Bus Data Receiver", "Azure Service Bus Data Sender"].flatMap((role) =>
    ["queues/queue1", "topics/topic1"].flatMap((entity) =>
      ["eastus2", "centralus"].map((location) => [role, "Group", `lockdown-pc-${location}/${entity}`]),
    ),
  );
  expect(roles).toHaveLength(expected.length);
  expect(roles).toEqual(expect.arrayContaining(expected));
});
