import { id, resourceManager, type ResourceManagerUnderTest, SUBSCRIPTION_ID } from "../../support/resource-manager";

let arm: ResourceManagerUnderTest;
beforeEach(async () => {
  arm = await resourceManager();
});
afterEach(() => arm.stop());

const location = "eastus2";
const account = (path: string) =>
  arm.put(path, { location, kind: "StorageV2", sku: { name: "Standard_ZRS" }, properties: {} });

describe("locks", () => {
  const lock = (path: string, level: string) =>
    arm.put(`${path}/providers/Microsoft.Authorization/locks/keep`, { properties: { level } });

  test("protect their scope, and everything below it, from deletion", async () => {
    await account("Microsoft.Storage/storageAccounts/kept");
    await lock("Microsoft.Storage/storageAccounts/kept", "CanNotDelete");
    await expect(arm.remove("Microsoft.Storage/storageAccounts/kept")).rejects.toMatchObject({ code: "ScopeLocked" });
    await expect(arm.remove(`/subscriptions/${SUBSCRIPTION_ID}/resourceGroups/g`)).rejects.toMatchObject({
      code: "ScopeLocked",
    });
    await account("Microsoft.Storage/storageAccounts/kept");
    await arm.remove("Microsoft.Storage/storageAccounts/kept/providers/Microsoft.Authorization/locks/keep");
    await arm.remove("Microsoft.Storage/storageAccounts/kept");
  });

  test("of another level keep from writing too; a level there is must be one", async () => {
    await account("Microsoft.Storage/storageAccounts/kept");
    await expect(lock("Microsoft.Storage/storageAccounts/kept", "Maybe")).rejects.toMatchObject({
      code: "InvalidLockLevel",
    });
    await expect(lock("Microsoft.Storage/storageAccounts/nowhere", "ReadOnly")).rejects.toMatchObject({
      code: "ScopeNotFound",
    });
    await lock("Microsoft.Storage/storageAccounts/kept", "ReadOnly");
    await expect(account("Microsoft.Storage/storageAccounts/kept")).rejects.toMatchObject({ code: "ScopeLocked" });
  });
});

describe("roles", () => {
  const assignment = (name: string, principalId: unknown, role = "69a216fc-b8fb-44d8-bc22-1f3c2cd27a39") =>
    arm.put(`Microsoft.ServiceBus/namespaces/bus-east/providers/Microsoft.Authorization/roleAssignments/${name}`, {
      properties: {
        principalId,
        roleDefinitionId: `/subscriptions/${SUBSCRIPTION_ID}/providers/Microsoft.Authorization/roleDefinitions/${role}`,
      },
    });
  const NAME = "00000000-0000-0000-0000-000000000001";
  const OTHER = "00000000-0000-0000-0000-000000000002";

  test("are assigned to a principal that is there, once, and hold a little later", async () => {
    await arm.put("Microsoft.ServiceBus/namespaces/bus-east", { location, sku: { name: "Premium", capacity: 1 } });
    const identity = await arm.put("Microsoft.ManagedIdentity/userAssignedIdentities/app", { location });
    const { principalId } = identity.properties as { principalId: string };
    await expect(assignment(NAME, OTHER)).rejects.toMatchObject({ code: "PrincipalNotFound" });
    // Where the kind of principal is given, Azure does not look it up.
    await arm.put(
      `Microsoft.ServiceBus/namespaces/bus-east/providers/Microsoft.Authorization/roleAssignments/${NAME}`,
      {
        properties: {
          principalId: OTHER,
          principalType: "ServicePrincipal",
          roleDefinitionId: `/subscriptions/${SUBSCRIPTION_ID}/providers/Microsoft.Authorization/roleDefinitions/69a216fc-b8fb-44d8-bc22-1f3c2cd27a39`,
        },
      },
    );
    await arm.remove(
      `Microsoft.ServiceBus/namespaces/bus-east/providers/Microsoft.Authorization/roleAssignments/${NAME}`,
    );
    await expect(assignment("no-guid", principalId)).rejects.toMatchObject({ code: "InvalidRoleAssignmentId" });
    await expect(assignment(NAME, principalId, OTHER)).rejects.toMatchObject({ code: "RoleDefinitionDoesNotExist" });
    await assignment(NAME, principalId);
    await expect(assignment(OTHER, principalId)).rejects.toMatchObject({ code: "RoleAssignmentExists" });
    const [held] = arm.azure.roleAssignments.all();
    expect(held).toMatchObject({ principalId, role: "Azure Service Bus Data Sender" });
    expect(held?.holdsFrom).toBeGreaterThan(Date.now() - 1_000);
    await arm.remove(
      `Microsoft.ServiceBus/namespaces/bus-east/providers/Microsoft.Authorization/roleAssignments/${NAME}`,
    );
    expect(arm.azure.roleAssignments.all()).toEqual([]);
  });
});

describe("machines", () => {
  const machine = (name: string, nic: string, customData = "one", more: object = {}) =>
    arm.put(`Microsoft.Compute/virtualMachines/${name}`, {
      location,
      properties: {
        networkProfile: { networkInterfaces: [{ id: id(`Microsoft.Network/networkInterfaces/${nic}`) }] },
        osProfile: {
          customData,
          adminUsername: "azureuser",
          linuxConfiguration: { ssh: { publicKeys: [{ keyData: "ssh-ed25519 AAAA" }] } },
          ...more,
        },
        storageProfile: { osDisk: { managedDisk: { storageAccountType: "Premium_LRS" } } },
      },
    });

  test("have an interface that is free, first-boot data that stays, commands where extensions are allowed, and a disk that outlives them", async () => {
    await arm.put("Microsoft.Network/virtualNetworks/hub", {
      location,
      properties: { addressSpace: { addressPrefixes: ["10.0.0.0/16"] } },
    });
    await arm.put("Microsoft.Network/virtualNetworks/hub/subnets/dns", {
      properties: { addressPrefix: "10.0.1.0/28" },
    });
    await expect(machine("vm", "nic")).rejects.toMatchObject({ code: "InvalidResourceReference" });
    await arm.put("Microsoft.Network/networkInterfaces/nic", {
      location,
      properties: {
        ipConfigurations: [
          { name: "ip", properties: { subnet: { id: id("Microsoft.Network/virtualNetworks/hub/subnets/dns") } } },
        ],
      },
    });
    const closed = { linuxConfiguration: { ssh: { publicKeys: [] } } };
    await expect(machine("vm", "nic", "one", closed)).rejects.toThrow("Authentication using either SSH");
    await machine("vm", "nic", "one", { allowExtensionOperations: false });
    const command = () =>
      arm.put("Microsoft.Compute/virtualMachines/vm/runCommands/configure", {
        location,
        properties: { source: { script: "true" } },
      });
    await expect(command()).rejects.toThrow("extension operations are disallowed");
    await machine("vm", "nic");
    await command();
    await expect(machine("vm", "nic", "two")).rejects.toMatchObject({ code: "PropertyChangeNotAllowed" });
    await expect(machine("vm2", "nic")).rejects.toMatchObject({ code: "NicInUse" });
    await expect(arm.remove("Microsoft.Network/networkInterfaces/nic")).rejects.toMatchObject({ code: "NicInUse" });
    await expect(arm.remove("Microsoft.Compute/disks/vm_OsDisk_1")).rejects.toMatchObject({
      code: "OperationNotAllowed",
    });
    await arm.remove("Microsoft.Compute/virtualMachines/vm");
    await arm.remove("Microsoft.Compute/disks/vm_OsDisk_1");
    await arm.remove("Microsoft.Network/networkInterfaces/nic");
  });
});

describe("storage and monitoring", () => {
  test("an account's name is small letters and digits, and unique", async () => {
    await account("Microsoft.Storage/storageAccounts/mine");
    await expect(account("Microsoft.Storage/storageAccounts/Mine-too")).rejects.toMatchObject({
      code: "AccountNameInvalid",
    });
    const other = `/subscriptions/${SUBSCRIPTION_ID}/resourceGroups/other`;
    await arm.put(other, { location });
    await expect(account(`${other}/providers/Microsoft.Storage/storageAccounts/mine`)).rejects.toMatchObject({
      code: "StorageAccountAlreadyTaken",
    });
  });

  test("Insights needs its workspace; a resource sends a category to a workspace once", async () => {
    const insights = () =>
      arm.put("Microsoft.Insights/components/appi", {
        location,
        kind: "web",
        properties: { WorkspaceResourceId: id("Microsoft.OperationalInsights/workspaces/logs") },
      });
    await expect(insights()).rejects.toMatchObject({ code: "InvalidResourceReference" });
    await arm.put("Microsoft.OperationalInsights/workspaces/logs", { location, properties: {} });
    const { properties } = await insights();
    expect(properties).toMatchObject({ ConnectionString: expect.stringContaining("InstrumentationKey=") as string });
    await account("Microsoft.Storage/storageAccounts/mine");
    const setting = (name: string) =>
      arm.put(`Microsoft.Storage/storageAccounts/mine/providers/Microsoft.Insights/diagnosticSettings/${name}`, {
        properties: { workspaceId: id("Microsoft.OperationalInsights/workspaces/logs") },
      });
    await setting("one");
    await expect(setting("two")).rejects.toMatchObject({ code: "Conflict" });
  });

  test("storage is logged by its parts, and names its metrics", async () => {
    await arm.put("Microsoft.OperationalInsights/workspaces/logs", { location, properties: {} });
    await account("Microsoft.Storage/storageAccounts/logged");
    const setting = (part: string, properties: object) =>
      arm.put(`Microsoft.Storage/storageAccounts/logged${part}/providers/Microsoft.Insights/diagnosticSettings/s`, {
        properties: { workspaceId: id("Microsoft.OperationalInsights/workspaces/logs"), ...properties },
      });
    const metrics = (category: string) => ({ metrics: [{ category, enabled: true }] });
    const logs = { logs: [{ categoryGroup: "allLogs", enabled: true }] };
    await expect(setting("", logs)).rejects.toThrow("'allLogs' is not supported");
    await expect(setting("/blobServices/default", metrics("AllMetrics"))).rejects.toThrow("Capacity;Transaction");
    await setting("/blobServices/default", { ...logs, ...metrics("Transaction") });
    await setting("", metrics("Capacity"));
  });

  test("deleted blobs are kept for 1 to 365 days, where the account says so", async () => {
    await account("Microsoft.Storage/storageAccounts/keeping");
    const blobs = "Microsoft.Storage/storageAccounts/keeping/blobServices/default";
    const kept = (days?: number) => arm.put(blobs, { properties: { deleteRetentionPolicy: { enabled: true, days } } });
    for (const days of [undefined, 0, 366]) await expect(kept(days)).rejects.toThrow("between 1 and 365");
    await kept(7);
    expect(await arm.get(blobs)).toMatchObject({ properties: { deleteRetentionPolicy: { enabled: true, days: 7 } } });
  });

  test("autoscale's bounds are in order, on something that is there", async () => {
    const autoscale = (capacity: object) =>
      arm.put("Microsoft.Insights/autoscaleSettings/scale", {
        location,
        properties: {
          targetResourceUri: id("Microsoft.Web/serverFarms/plan"),
          profiles: [{ name: "default", capacity, rules: [] }],
        },
      });
    const inOrder = { minimum: "3", default: "3", maximum: "9" };
    await expect(autoscale(inOrder)).rejects.toMatchObject({ code: "InvalidResourceReference" });
    await arm.put("Microsoft.Web/serverFarms/plan", { location, sku: { name: "P1v3", capacity: 3 }, properties: {} });
    await expect(autoscale({ minimum: "3", default: "2", maximum: "9" })).rejects.toThrow("must be in this order");
    await autoscale(inOrder);
  });
});

describe("what every request must have", () => {
  const asked = async (path: string, headers: Record<string, string> = { authorization: `Bearer ${arm.token}` }) => {
    const response = await fetch(`${arm.manager.origin}${path}`, { headers });
    return [response.status, ((await response.json()) as { error?: { code?: string } }).error?.code];
  };
  const groups = `/subscriptions/${SUBSCRIPTION_ID}/resourceGroups`;

  test("a connection that is kept longer than azurerm keeps it: a PUT that meets its end is not sent again", async () => {
    const { headers } = await fetch(`${arm.manager.origin}${groups}?api-version=2024-01-01`);
    expect(Number(/timeout=(\d+)/.exec(headers.get("keep-alive") ?? "")?.[1])).toBeGreaterThan(90);
  });

  test("a token, an api-version, and a type that is known by name", async () => {
    expect(await asked(`${groups}?api-version=2024-01-01`, {})).toEqual([401, "AuthenticationFailed"]);
    expect(await asked(`${groups}?api-version=2024-01-01`, { authorization: "Bearer x" })).toEqual([
      401,
      "InvalidAuthenticationToken",
    ]);
    expect(await asked(groups)).toEqual([400, "MissingApiVersionParameter"]);
    expect(await asked(`${groups}?api-version=new`)).toEqual([400, "InvalidApiVersionParameter"]);
    await expect(arm.put("Microsoft.Sql/servers/s", { location })).rejects.toThrow(
      "The resource type 'servers' could not be found in the namespace 'Microsoft.Sql'",
    );
    expect(arm.manager.failures).toEqual([]);
  });

  test("long operations are asked for, and what they make is not there before", async () => {
    const release = arm.manager.operations.hold({ matches: (each) => each.endsWith("/virtualNetworks/hub") });
    const writing = arm.put("Microsoft.Network/virtualNetworks/hub", {
      location,
      properties: { addressSpace: { addressPrefixes: ["10.0.0.0/16"] } },
    });
    await new Promise((done) => setTimeout(done, 100));
    expect((await arm.get("Microsoft.Network/virtualNetworks/hub")).properties).toMatchObject({
      provisioningState: "Creating",
    });
    await expect(arm.put("Microsoft.Network/virtualNetworks/hub", { location, properties: {} })).rejects.toMatchObject({
      code: "AnotherOperationInProgress",
    });
    release();
    expect((await writing).properties).toMatchObject({ provisioningState: "Succeeded" });
  });
});

describe("tags", () => {
  const zone = (tags: Record<string, string>) =>
    arm.put("Microsoft.Network/privateDnsZones/privatelink.servicebus.windows.net", { location: "global", tags });
  const many = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, index) => [`tag${index}`, "x"]));

  test("of a DNS zone are fewer, and have plain names", async () => {
    await expect(zone({ "Cost Center": "4711" })).rejects.toMatchObject({ code: "InvalidTagName" });
    await expect(zone({ "1st-owner": "team" })).rejects.toMatchObject({ code: "InvalidTagName" });
    await expect(zone({ "team:owner": "team" })).rejects.toMatchObject({ code: "InvalidTagName" });
    await expect(zone(many(16))).rejects.toMatchObject({ code: "TooManyTags" });
    await zone({ ...many(14), owner: "anything: <is> (fine)" });
  });

  test("of other resources are up to 50, in length and characters as Azure takes them", async () => {
    const network = (tags: Record<string, string>) =>
      arm.put("Microsoft.Network/virtualNetworks/hub", {
        location,
        tags,
        properties: { addressSpace: { addressPrefixes: ["10.0.0.0/16"] } },
      });
    await network({ "Cost Center": "4711", ...many(49) });
    await expect(network(many(51))).rejects.toMatchObject({ code: "TooManyTags" });
    await expect(network({ "a/b": "x" })).rejects.toMatchObject({ code: "InvalidTagName" });
    await expect(network({ ["n".repeat(513)]: "x" })).rejects.toMatchObject({ code: "InvalidTagName" });
    await expect(network({ azureOwner: "x" })).rejects.toMatchObject({ code: "InvalidTagName" });
    await expect(network({ a: "x".repeat(257) })).rejects.toMatchObject({ code: "InvalidTagValue" });
    await expect(
      arm.put("Microsoft.Storage/storageAccounts/tagged", {
        location,
        tags: { ["n".repeat(129)]: "x" },
        properties: {},
      }),
    ).rejects.toMatchObject({ code: "InvalidTagName" });
  });
});

test("a component gets an alert rule, and an action group where there is none; both stay when it goes", async () => {
  await arm.put("Microsoft.OperationalInsights/workspaces/logs", { location, properties: {} });
  const component = "Microsoft.Insights/components/functions";
  await arm.put(component, {
    location,
    properties: { WorkspaceResourceId: id("Microsoft.OperationalInsights/workspaces/logs") },
  });
  const made = () =>
    arm.manager
      .resources()
      .filter((each) => /alertsmanagement|actionGroups/i.test(each))
      .map((each) => each.split("/").at(-1));
  expect(made().sort()).toEqual(["Application Insights Smart Detection", "Failure Anomalies - functions"]);
  await arm.remove(component);
  expect(made()).toHaveLength(2);
});
