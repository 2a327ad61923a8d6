import { ServiceBusManagementClient } from "@azure/arm-servicebus";
import { WebSiteManagementClient } from "@azure/arm-appservice";
import { azureFrom } from "../../../local/azure/from-stacks";
import { SUBSCRIPTION } from "../../support/build";
import { stacksWithPackages } from "../../support/local";
import { resourceManager, type ResourceManagerUnderTest } from "../../support/resource-manager";

let arm: ResourceManagerUnderTest;
beforeAll(async () => {
  arm = await resourceManager(azureFrom(stacksWithPackages()));
});
afterAll(() => arm.stop());

const EAST = ["messaging-eastus2-rg", "lockdown-pc-eastus2"] as const;
const CENTRAL = ["messaging-centralus-rg", "lockdown-pc-centralus"] as const;

test("what npm start loads from the stacks is shown to management libraries, and a failover through them moves the alias", async () => {
  const bus = new ServiceBusManagementClient(arm.credential, SUBSCRIPTION, arm.options);
  const names: (string | undefined)[] = [];
  for await (const { name, sku } of bus.namespaces.list()) names.push(`${name ?? ""} ${sku?.name ?? ""}`);
  expect(names.sort()).toEqual(["lockdown-pc-centralus Premium", "lockdown-pc-eastus2 Premium"]);
  expect(await bus.queues.get(...CENTRAL, "queue1")).toMatchObject({ lockDuration: "PT30S", maxDeliveryCount: 10 });
  expect((await bus.disasterRecoveryConfigs.get(...EAST, "lockdown-pc")).role).toBe("Primary");
  await bus.disasterRecoveryConfigs.failOver(...CENTRAL, "lockdown-pc");
  expect((await bus.disasterRecoveryConfigs.get(...CENTRAL, "lockdown-pc")).role).toBe("PrimaryNotReplicating");
  const central = arm.azure.namespaces.all().find(({ location }) => location === "centralus");
  expect(arm.azure.pairing("lockdown-pc")?.primaryId).toBe(central?.id);
});

test("apps have the settings that they run with, and roles are listed where they hold", async () => {
  const web = new WebSiteManagementClient(arm.credential, SUBSCRIPTION, arm.options);
  const { properties } = await web.webApps.listApplicationSettings(
    "workload-eastus2-rg",
    "lockdown-pc-consumer-eastus2",
  );
  expect(properties).toMatchObject({
    ServiceBus__fullyQualifiedNamespace: "lockdown-pc-eastus2.servicebus.windows.net",
  });
  const roles = arm.manager.resources().filter((id) => id.includes("/roleAssignments/"));
  expect(roles).toHaveLength(arm.azure.roleAssignments.all().length);
});
