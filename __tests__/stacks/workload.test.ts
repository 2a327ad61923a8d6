import { FUNCTIONS_NODE } from "../../azure-facts/functions-node";
import type { Block } from "../../synthesized/cdktf-out";
import { build, ofType, only, stackNamed, SUBSCRIPTION } from "../support/build";
import { singleRegion, type StampInput, topologyWith } from "../support/topologies";

const workload = (location = "eastus2", change?: (stamp: StampInput) => void) =>
  stackNamed(build(topologyWith(change)), `workload-${location}`);
const app = (kind: "producer" | "consumer", location = "eastus2", change?: (stamp: StampInput) => void) =>
  only(workload(location, change), "azurerm_windows_function_app", `lockdown-pc-${kind}-${location}`);
const settings = (...which: Parameters<typeof app>) => app(...which).app_settings as Record<string, string>;

describe.each(["producer", "consumer"] as const)("the %s app", (kind) => {
  test("has no public way in, no key, no basic auth", () => {
    expect(app(kind)).toMatchObject({
      public_network_access_enabled: false,
      https_only: true,
      builtin_logging_enabled: false,
      ftp_publish_basic_authentication_enabled: false,
      webdeploy_publish_basic_authentication_enabled: false,
      storage_uses_managed_identity: true,
      functions_extension_version: "~4",
      identity: { type: "UserAssigned" },
    });
    expect(app(kind).storage_account_access_key).toBeUndefined();
  });

  test("sends everything through integration-subnet, and runs the one version of Node always", () => {
    expect(app(kind).virtual_network_subnet_id).toMatch(
      /network-eastus2-rg.*\/spoke-vnet\/subnets\/integration-subnet$/,
    );
    expect(app(kind).site_config).toMatchObject({
      vnet_route_all_enabled: true,
      always_on: true,
      use_32_bit_worker: false,
      ftps_state: "Disabled",
      minimum_tls_version: "1.2",
      scm_minimum_tls_version: "1.2",
      health_check_path: "/api/health",
      application_stack: { node_version: `~${FUNCTIONS_NODE}` },
    });
  });

  test("uses identity for storage, telemetry and Service Bus, and has no setting that azurerm maps elsewhere", () => {
    const values = settings(kind);
    expect(values).toMatchObject({
      AzureWebJobsStorage__credential: "managedidentity",
      ServiceBus__credential: "managedidentity",
      WEBSITE_RUN_FROM_PACKAGE: "1",
    });
    expect(values.APPLICATIONINSIGHTS_AUTHENTICATION_STRING).toMatch(
      /^ClientId=\$\{azurerm_user_assigned_identity\..*\};Authorization=AAD$/,
    );
    expect(values.ServiceBus__clientId).toBe(values.AzureWebJobsStorage__clientId);
    for (const mapped of ["WEBSITE_VNET_ROUTE_ALL", "WEBSITE_NODE_DEFAULT_VERSION", "WEBSITE_DNS_SERVER"]) {
      expect(values).not.toHaveProperty(mapped);
    }
  });

  test("has a private endpoint for its site", () => {
    expect(only(workload(), "azurerm_private_endpoint", `lockdown-pc-${kind}-eastus2-site`)).toMatchObject({
      ip_configuration: [
        expect.objectContaining({ private_ip_address: kind === "producer" ? "10.1.2.245" : "10.1.2.246" }),
      ],
      private_service_connection: expect.objectContaining({ subresource_names: ["sites"] }) as object,
    });
  });
});

describe("the name on Service Bus", () => {
  test("is the alias for producers, and its own region's namespace for each consumer", () => {
    for (const location of ["eastus2", "centralus"]) {
      expect(settings("producer", location).ServiceBus__fullyQualifiedNamespace).toBe(
        "lockdown-pc.servicebus.windows.net",
      );
      expect(settings("consumer", location).ServiceBus__fullyQualifiedNamespace).toBe(
        `lockdown-pc-${location}.servicebus.windows.net`,
      );
    }
  });

  test("is the primary's own for producers where there is no alias to send to", () => {
    expect(settings("producer", "eastus2", singleRegion).ServiceBus__fullyQualifiedNamespace).toBe(
      "lockdown-pc-eastus2.servicebus.windows.net",
    );
    const unpaired = (stamp: StampInput) => {
      stamp.primary = "centralus";
      if (stamp.pairing) stamp.pairing.state = "unpaired";
    };
    expect(settings("producer", "eastus2", unpaired).ServiceBus__fullyQualifiedNamespace).toBe(
      "lockdown-pc-centralus.servicebus.windows.net",
    );
  });
});

describe("after a failover", () => {
  const failedOver = build(topologyWith((stamp) => stamp.pairing && (stamp.pairing.state = "failed-over")));
  const before = build(topologyWith());

  test("workloads and code are what they were: the alias names the present primary", () => {
    for (const { name, json } of before.filter((stack) => stack.name !== "geo-pair")) {
      expect(stackNamed(failedOver, name).json).toEqual(json);
    }
  });

  test("nothing is paired anew, and the entities stay declared where the state has them", () => {
    const [paired, afterwards] = [stackNamed(before, "geo-pair"), stackNamed(failedOver, "geo-pair")];
    expect(ofType(afterwards, "azurerm_servicebus_namespace_disaster_recovery_config")).toEqual([]);
    const withoutOrder = (stack: typeof paired, type: string) =>
      ofType(stack, type).map(({ depends_on: _order, ...block }) => block);
    for (const type of [
      "azurerm_servicebus_queue",
      "azurerm_servicebus_topic",
      "azurerm_servicebus_subscription",
      "azurerm_private_endpoint",
    ]) {
      expect(withoutOrder(afterwards, type)).toEqual(withoutOrder(paired, type));
    }
  });
});

describe("roles", () => {
  const roles = (location: string) =>
    ofType(workload(location), "azurerm_role_assignment").map(({ role_definition_name, scope, principal_id }) => ({
      role: String(role_definition_name),
      scope: String(scope).split("/").at(-1),
      who: /_(producer|consumer)_|\.(producer|consumer)_/.exec(String(principal_id))?.slice(1).find(Boolean),
    }));

  test.each(["eastus2", "centralus"])(
    "in %s: a producer sends to both namespaces, a consumer receives from its own",
    (location) => {
      const onServiceBus = roles(location).filter(({ role }) => role.startsWith("Azure Service Bus"));
      expect(onServiceBus).toEqual([
        { role: "Azure Service Bus Data Receiver", scope: `lockdown-pc-${location}`, who: "consumer" },
        // Copies of what it puts off, on the queues it takes from and nowhere else.
        { role: "Azure Service Bus Data Sender", scope: "queue1", who: "consumer" },
        { role: "Azure Service Bus Data Sender", scope: "lockdown-pc-centralus", who: "producer" },
        { role: "Azure Service Bus Data Sender", scope: "lockdown-pc-eastus2", who: "producer" },
      ]);
    },
  );

  test("a consumer sends to queues without sessions and to the queue of refused messages, in its own namespace", () => {
    const change = (stamp: StampInput) => {
      stamp.queues = [
        { name: "plain" },
        { name: "ordered", requiresSession: true },
        { name: "passing", forwardTo: "plain" },
        { name: "refused" },
      ];
      stamp.refusedMessages = "Refused";
    };
    const scopes = (change: (stamp: StampInput) => void, location: string) =>
      ofType(stackNamed(build(topologyWith(change)), `workload-${location}`), "azurerm_role_assignment")
        .map(({ scope }) => String(scope))
        .filter((scope) => scope.includes("/queues/"))
        .map((scope) => scope.split("/").slice(-3).join("/"));
    expect(scopes(change, "centralus")).toEqual([
      "lockdown-pc-centralus/queues/plain",
      "lockdown-pc-centralus/queues/refused",
    ]);
    // A namespace that waits to be paired again has no queue to have a role on.
    expect(
      scopes((stamp) => {
        change(stamp);
        if (stamp.pairing) stamp.pairing.state = "unpaired";
      }, "centralus"),
    ).toEqual([]);
  });

  test("each app has its own identity, with the host's roles on storage and telemetry", () => {
    expect(ofType(workload(), "azurerm_user_assigned_identity")).toHaveLength(2);
    const perApp = roles("eastus2").filter(
      ({ who, role }) => who === "consumer" && !role.startsWith("Azure Service Bus"),
    );
    expect(perApp.map(({ role }) => role).sort()).toEqual([
      "Monitoring Metrics Publisher",
      "Storage Blob Data Owner",
      "Storage Queue Data Contributor",
      "Storage Table Data Contributor",
    ]);
  });
});

describe("host storage", () => {
  const accounts = (change?: (stamp: StampInput) => void) =>
    ofType(
      change ? stackNamed(build(topologyWith(change)), "workload-eastus2") : workload(),
      "azurerm_storage_account",
    );

  test("is keyless, closed, zone-redundant and copied nowhere else, one account an app, with an endpoint for each part that a host uses", () => {
    expect(accounts().map(({ name }) => name)).toEqual(["lockdownpceastus2cn", "lockdownpceastus2"]);
    for (const account of accounts()) {
      expect(account).toMatchObject({
        account_replication_type: "ZRS",
        allowed_copy_scope: "PrivateLink",
        shared_access_key_enabled: false,
        public_network_access_enabled: false,
        allow_nested_items_to_be_public: false,
        min_tls_version: "TLS1_2",
      });
    }
    const endpoints = ofType(workload(), "azurerm_private_endpoint");
    const parts = endpoints.map(
      ({ private_service_connection }) =>
        (private_service_connection as { subresource_names: string[] }).subresource_names[0],
    );
    expect(parts.sort()).toEqual(["blob", "blob", "queue", "queue", "sites", "sites", "table", "table"]);
    const addresses = endpoints.map(({ ip_configuration }) => (ip_configuration as Block[])[0]?.private_ip_address);
    expect(new Set(addresses).size).toBe(endpoints.length);
  });

  test("no app has a right on the other's", () => {
    const stack = workload();
    const pairs = ofType(stack, "azurerm_role_assignment")
      .filter(({ role_definition_name }) => String(role_definition_name).startsWith("Storage "))
      .map(({ principal_id, scope }) => [
        /azurerm_user_assigned_identity\.(producer|consumer)/.exec(String(principal_id))?.[1],
        String(scope).includes("consumer-storage") ? "consumer" : "producer",
      ]);
    expect(pairs).toHaveLength(6);
    for (const [who, whose] of pairs) expect(who).toBe(whose);
    for (const kind of ["producer", "consumer"] as const) {
      expect(String(app(kind).storage_account_name).includes("consumer-storage")).toBe(kind === "consumer");
    }
  });

  test("of the consumer has the name that the topology gives it, else one beside the producer's", () => {
    const named = (storageAccount: string, consumerStorageAccount?: string) =>
      accounts((stamp) => Object.assign(stamp.regions[0] ?? {}, { storageAccount, consumerStorageAccount }))
        .map(({ name }) => name)
        .sort();
    expect(named("hosts", "other")).toEqual(["hosts", "other"]);
    const longest = "a".repeat(22);
    expect(named(`${longest}cn`)).toEqual([`${longest}c2`, `${longest}cn`]);
    expect(() => named("hosts", "hosts")).toThrow("a name no other resource has");
    expect(() => named("lockdownpccentralus")).toThrow("a name no other resource has");
  });
});

test("Application Insights belongs to the workspace and takes Entra tokens only", () => {
  expect(only(workload(), "azurerm_application_insights")).toMatchObject({
    application_type: "Node.JS",
    local_authentication_disabled: true,
    workspace_id: `/subscriptions/${SUBSCRIPTION}/resourceGroups/network-eastus2-rg/providers/Microsoft.OperationalInsights/workspaces/logs`,
  });
});

test("the plan is P1v3 on Windows over three zones; autoscale owns the worker count", () => {
  expect(only(workload(), "azurerm_service_plan")).toMatchObject({
    os_type: "Windows",
    sku_name: "P1v3",
    worker_count: 3,
    zone_balancing_enabled: true,
    lifecycle: { ignore_changes: ["worker_count"] },
  });
  const [profile] = only(workload(), "azurerm_monitor_autoscale_setting").profile as Record<string, unknown>[];
  expect(profile?.capacity).toEqual({ minimum: 3, default: 3, maximum: 9 });
  const rules = profile?.rule as { metric_trigger: Record<string, unknown>; scale_action: Record<string, unknown> }[];
  expect(
    rules.map(({ metric_trigger, scale_action }) => [
      metric_trigger.metric_name,
      scale_action.direction,
      metric_trigger.threshold,
    ]),
  ).toEqual([
    ["CpuPercentage", "Increase", 70],
    ["ActiveMessages", "Increase", 1000],
    ["CpuPercentage", "Decrease", 28],
    ["ActiveMessages", "Decrease", 400],
  ]);
  expect(rules[1]?.metric_trigger).toMatchObject({
    metric_namespace: "microsoft.servicebus/namespaces",
    metric_resource_id: expect.stringContaining("lockdown-pc-eastus2") as string,
    // An average over entities would be diluted by idle ones.
    statistic: "Max",
    time_aggregation: "Maximum",
  });
});

test("up to four entities that the topology names count each by itself, within Azure's ten rules a profile", () => {
  const stack = stackNamed(
    build(
      topologyWith((stamp) => {
        stamp.queues = ["a", "b", "c"].map((name) => ({ name }));
        stamp.plan = { scaleOutEntities: ["a", "b", "c", "topic1"] };
      }),
    ),
    "workload-eastus2",
  );
  const [profile] = only(stack, "azurerm_monitor_autoscale_setting").profile as {
    rule: { metric_trigger: Record<string, unknown> }[];
  }[];
  expect(profile?.rule).toHaveLength(10);
  const entities = profile?.rule.flatMap(
    ({ metric_trigger }) => (metric_trigger.dimensions ?? []) as { name: string; operator: string; values: string[] }[],
  );
  expect(entities).toHaveLength(8);
  expect(entities).toContainEqual({ name: "EntityName", operator: "Equals", values: ["topic1"] });
});

describe("who may call the producer", () => {
  const authentication = {
    tenantId: SUBSCRIPTION,
    clientId: "22222222-2222-2222-2222-222222222222",
    allowedApplications: ["33333333-3333-3333-3333-333333333333"],
  };

  test("is checked by Entra where the topology names an app registration, on the producer alone", () => {
    const change = (stamp: StampInput) => (stamp.authentication = authentication);
    expect(app("producer", "eastus2", change).auth_settings_v2).toMatchObject({
      auth_enabled: true,
      require_authentication: true,
      unauthenticated_action: "Return401",
      active_directory_v2: {
        client_id: authentication.clientId,
        tenant_auth_endpoint: `https://login.microsoftonline.com/${SUBSCRIPTION}/v2.0/`,
        allowed_applications: authentication.allowedApplications,
      },
    });
    expect(app("consumer", "eastus2", change).auth_settings_v2).toBeUndefined();
  });

  test("is left to the network where it names none", () => {
    expect(app("producer").auth_settings_v2).toBeUndefined();
  });
});

test("logs and metrics of both apps and their storage, both namespaces and the firewall go to Log Analytics", () => {
  const stacks = build();
  const settingsOf = (name: string) => ofType(stackNamed(stacks, name), "azurerm_monitor_diagnostic_setting");
  // Both apps, and three parts of each one's storage.
  expect(settingsOf("workload-eastus2")).toHaveLength(8);
  expect(settingsOf("network-eastus2")).toHaveLength(1);
  expect(
    settingsOf("geo-pair").map(({ target_resource_id, log_analytics_workspace_id }) => [
      String(target_resource_id).split("/").at(-1),
      String(log_analytics_workspace_id).split("/")[4],
    ]),
  ).toEqual([
    ["lockdown-pc-centralus", "network-centralus-rg"],
    ["lockdown-pc-eastus2", "network-eastus2-rg"],
  ]);
});
