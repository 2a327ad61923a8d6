import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { localEnvironment, withoutSignIn } from "../../ops/rehearsal/terraform-environment";
import { StackRun } from "../../ops/rehearsal/stack-run";
import { LocalAzure } from "../../local/local-azure";
import { packageFunctions } from "../../packaging/package-functions";
import { terraformBinary } from "../../ops/terraform";
import { AZURERM, rehearsalTest } from "../support/rehearsal";

/** The smallest pair with endpoints: what an order mistake is made in. */
function pair(): Record<string, Record<string, Record<string, unknown>>> {
  const group = "${azurerm_resource_group.group.name}";
  const namespace = (name: string, location: string) => ({
    name,
    location,
    resource_group_name: group,
    sku: "Premium",
    capacity: 1,
    premium_messaging_partitions: 1,
    local_auth_enabled: false,
    public_network_access_enabled: false,
  });
  const endpoint = (target: string) => ({
    name: `to-${target}`,
    location: "eastus2",
    resource_group_name: group,
    subnet_id: "${azurerm_subnet.work.id}",
    private_service_connection: {
      name: "c",
      is_manual_connection: false,
      private_connection_resource_id: `\${azurerm_servicebus_namespace.${target}.id}`,
      subresource_names: ["namespace"],
    },
  });
  return {
    azurerm_resource_group: { group: { name: "small", location: "eastus2" } },
    azurerm_servicebus_namespace: {
      east: namespace("small-bus-east", "eastus2"),
      central: namespace("small-bus-central", "centralus"),
    },
    azurerm_virtual_network: {
      vnet: { name: "vnet", location: "eastus2", resource_group_name: group, address_space: ["10.0.0.0/16"] },
    },
    azurerm_subnet: {
      work: {
        name: "work",
        resource_group_name: group,
        virtual_network_name: "${azurerm_virtual_network.vnet.name}",
        address_prefixes: ["10.0.1.0/24"],
      },
    },
    azurerm_private_endpoint: { east: endpoint("east"), central: endpoint("central") },
    azurerm_servicebus_namespace_disaster_recovery_config: {
      pairing: {
        name: "small-alias",
        primary_namespace_id: "${azurerm_servicebus_namespace.east.id}",
        partner_namespace_id: "${azurerm_servicebus_namespace.central.id}",
        depends_on: ["azurerm_private_endpoint.east", "azurerm_private_endpoint.central"],
      },
    },
    azurerm_servicebus_queue: {
      queue: {
        name: "queue",
        namespace_id: "${azurerm_servicebus_namespace.east.id}",
        depends_on: ["azurerm_servicebus_namespace_disaster_recovery_config.pairing"],
      },
    },
  };
}

/** An app that is integrated with a subnet of the same stack. */
function integrated(): Record<string, Record<string, Record<string, unknown>>> {
  const group = "${azurerm_resource_group.group.name}";
  const common = { location: "eastus2", resource_group_name: group };
  return {
    azurerm_resource_group: { group: { name: "small", location: "eastus2" } },
    azurerm_virtual_network: { vnet: { name: "vnet", ...common, address_space: ["10.0.0.0/16"] } },
    azurerm_subnet: {
      apps: {
        name: "apps",
        resource_group_name: group,
        virtual_network_name: "${azurerm_virtual_network.vnet.name}",
        address_prefixes: ["10.0.1.0/24"],
        delegation: {
          name: "apps",
          service_delegation: {
            name: "Microsoft.Web/serverFarms",
            actions: ["Microsoft.Network/virtualNetworks/subnets/action"],
          },
        },
      },
    },
    azurerm_service_plan: { plan: { name: "plan", ...common, os_type: "Windows", sku_name: "P1v3" } },
    azurerm_windows_function_app: {
      app: {
        name: "small-app",
        ...common,
        service_plan_id: "${azurerm_service_plan.plan.id}",
        storage_account_name: "smallstorage",
        storage_uses_managed_identity: true,
        virtual_network_subnet_id: "${azurerm_subnet.apps.id}",
        site_config: {},
      },
    },
  };
}

type Resources = ReturnType<typeof pair>;

/** Applies a stack of one's own to a local Azure of its own. */
async function small(
  resources: Resources,
  work: (run: StackRun, local: LocalAzure, terraform: (...args: string[]) => void) => Promise<void>,
): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "locked-down-small-"));
  const local = await LocalAzure.start({ folder: join(folder, "azure") });
  try {
    const environment = {
      ...withoutSignIn(process.env),
      ...localEnvironment(local.resourceManager, local.authorityPath, folder),
    };
    const directory = join(folder, "stack");
    mkdirSync(directory);
    const json = {
      terraform: { required_providers: { azurerm: AZURERM } },
      provider: {
        azurerm: {
          features: {},
          resource_provider_registrations: "none",
          storage_use_azuread: true,
          subscription_id: environment.ARM_SUBSCRIPTION_ID,
        },
      },
      resource: resources,
    };
    const file = join(directory, "main.tf.json");
    writeFileSync(file, JSON.stringify(json));
    const run = new StackRun({ stack: { name: "small", dependencies: [], directory, file, json: {} }, environment });
    await run.init(withoutSignIn(process.env));
    await work(run, local, (...args) => {
      const { status, stderr } = spawnSync(terraformBinary(), args, {
        cwd: directory,
        env: environment,
        encoding: "utf8",
      });
      if (status !== 0) throw new Error(stderr);
    });
  } finally {
    await local.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function applied(run: StackRun): Promise<void> {
  await run.plan();
  await run.apply();
}

const without = (resources: Resources, type: string, name: string): Resources => {
  delete resources[type]?.[name]?.depends_on;
  return resources;
};

rehearsalTest("in the right order the smallest pair applies and is destroyed, however slow each step is", async () => {
  await small(pair(), async (run, local) => {
    local.resourceManager.operations.hold({ matches: (id) => id.includes("/privateEndpoints/"), milliseconds: 2_000 });
    await applied(run);
    expect(await run.replan()).toEqual([]);
    await run.destroy();
    expect(local.resourceManager.resources()).toEqual([]);
  });
});

rehearsalTest("endpoints that a pairing does not wait for come too late", async () => {
  const resources = without(pair(), "azurerm_servicebus_namespace_disaster_recovery_config", "pairing");
  await small(resources, async (run, local) => {
    local.resourceManager.operations.hold({ matches: (id) => id.includes("/privateEndpoints/"), milliseconds: 20_000 });
    await expect(applied(run)).rejects.toThrow(/create a private endpoint on the secondary|has a private endpoint and/);
  });
});

rehearsalTest("a pairing that waits for the primary's endpoint only is refused with Azure's words", async () => {
  const resources = pair();
  const pairing = resources.azurerm_servicebus_namespace_disaster_recovery_config?.pairing;
  if (pairing) pairing.depends_on = ["azurerm_private_endpoint.east"];
  await small(resources, async (run, local) => {
    local.resourceManager.operations.hold({
      matches: (id) => id.endsWith("/privateEndpoints/to-central"),
      milliseconds: 20_000,
    });
    await expect(applied(run)).rejects.toThrow(
      "The primary namespace 'small-bus-east' has a private endpoint and the secondary namespace 'small-bus-central' has none",
    );
  });
});

rehearsalTest("entities that do not wait for the pairing meet it half made", async () => {
  const resources = without(pair(), "azurerm_servicebus_queue", "queue");
  const queue = resources.azurerm_servicebus_queue?.queue;
  if (queue) queue.depends_on = ["azurerm_private_endpoint.east", "azurerm_private_endpoint.central"];
  await small(resources, async (run, local) => {
    local.resourceManager.operations.hold({
      matches: (id) => id.includes("/disasterRecoveryConfigs/"),
      milliseconds: 20_000,
    });
    await expect(applied(run)).rejects.toThrow("SubCode=40901");
  });
});

rehearsalTest("a secondary that is not empty is refused", async () => {
  const resources = pair();
  resources.azurerm_servicebus_queue = {
    early: { name: "early", namespace_id: "${azurerm_servicebus_namespace.central.id}" },
  };
  resources.azurerm_servicebus_namespace_disaster_recovery_config = {
    pairing: {
      ...resources.azurerm_servicebus_namespace_disaster_recovery_config?.pairing,
      depends_on: [
        "azurerm_servicebus_queue.early",
        "azurerm_private_endpoint.east",
        "azurerm_private_endpoint.central",
      ],
    },
  };
  await small(resources, async (run) => {
    await expect(applied(run)).rejects.toThrow("must not contain any entities");
  });
});

rehearsalTest("an endpoint for a namespace that is still being made is refused", async () => {
  const resources = pair();
  const connection = {
    name: "c",
    is_manual_connection: false,
    private_connection_resource_id:
      "/subscriptions/10ca1a2e-0000-4000-8000-00000000a2e0/resourceGroups/small/providers/Microsoft.ServiceBus/namespaces/small-bus-east",
    subresource_names: ["namespace"],
  };
  const east = resources.azurerm_private_endpoint?.east;
  if (east) east.private_service_connection = connection;
  await small(resources, async (run, local) => {
    local.resourceManager.operations.hold({
      matches: (id) => id.endsWith("/namespaces/small-bus-east"),
      milliseconds: 20_000,
    });
    await expect(applied(run)).rejects.toThrow(/InvalidResourceReference|ReferencedResourceNotProvisioned/);
  });
});

rehearsalTest("code that is published before the site's endpoint exists is answered with 403", async () => {
  const resources = integrated();
  const app = resources.azurerm_windows_function_app?.app;
  if (app) app.public_network_access_enabled = false;
  const { publisher, producer } = packageFunctions();
  resources.terraform_data = {
    code: {
      provisioner: {
        "local-exec": {
          command: `node ${publisher.path}`,
          environment: {
            PUBLISH_SITE_ID: "${azurerm_windows_function_app.app.id}",
            PUBLISH_PACKAGE: producer.path,
            PUBLISH_PACKAGE_HASH: producer.hash,
          },
        },
      },
    },
  };
  await small(resources, async (run, local) => {
    await expect(applied(run)).rejects.toThrow(/answered 403: .*Ip Forbidden/s);
    expect(local.azure.packages.all()).toEqual([]);
  });
});

rehearsalTest("a subnet that an app is integrated with cannot be destroyed before it", async () => {
  await small(integrated(), async (run, local, terraform) => {
    await applied(run);
    // As if the app stood in a stack of its own, that was to be destroyed first.
    terraform("state", "rm", "azurerm_windows_function_app.app", "azurerm_service_plan.plan");
    await expect(run.destroy()).rejects.toThrow("AppServiceLink");
    expect(local.azure.apps.all()).toHaveLength(1);
  });
});
