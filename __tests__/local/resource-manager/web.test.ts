import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { WebSiteManagementClient } from "@azure/arm-appservice";
import { connect } from "node:tls";
import { strToU8, zipSync } from "fflate";
import { id, resourceManager, type ResourceManagerUnderTest, SUBSCRIPTION_ID } from "../../support/resource-manager";

let arm: ResourceManagerUnderTest;
let web: WebSiteManagementClient;
let folder: string;
beforeEach(async () => {
  arm = await resourceManager();
  web = new WebSiteManagementClient(arm.credential, SUBSCRIPTION_ID, {
    ...arm.options,
    retryOptions: { maxRetries: 0 },
  });
  folder = mkdtempSync(join(tmpdir(), "locked-down-web-"));
});
afterEach(async () => {
  await arm.stop();
  rmSync(folder, { recursive: true, force: true });
});

const location = "eastus2";
const SITE = "Microsoft.Web/sites/app-east";

const plan = (more: object = {}) =>
  arm.put("Microsoft.Web/serverFarms/plan", { location, sku: { name: "P1v3", capacity: 3 }, properties: {}, ...more });
const site = (properties: object = {}, more: object = {}) =>
  arm.put(SITE, {
    location,
    kind: "functionapp",
    properties: { serverFarmId: id("Microsoft.Web/serverFarms/plan"), publicNetworkAccess: "Disabled", ...properties },
    ...more,
  });
const network = async (delegations: object[] = []) => {
  await arm.put("Microsoft.Network/virtualNetworks/spoke", {
    location,
    properties: { addressSpace: { addressPrefixes: ["10.1.0.0/16"] } },
  });
  await arm.put("Microsoft.Network/virtualNetworks/spoke/subnets/apps", {
    properties: { addressPrefix: "10.1.1.0/26", delegations },
  });
  await arm.put("Microsoft.Network/virtualNetworks/spoke/subnets/work", {
    properties: { addressPrefix: "10.1.2.0/24" },
  });
};
const APPS = "Microsoft.Network/virtualNetworks/spoke/subnets/apps";
const SERVER_FARMS = [{ name: "apps", properties: { serviceName: "Microsoft.Web/serverFarms" } }];
const endpoint = async () => {
  await arm.put("Microsoft.Network/privateDnsZones/privatelink.azurewebsites.net", { location: "global" });
  await arm.put("Microsoft.Network/privateEndpoints/to-app", {
    location,
    properties: {
      subnet: { id: id("Microsoft.Network/virtualNetworks/spoke/subnets/work") },
      privateLinkServiceConnections: [
        { name: "c", properties: { privateLinkServiceId: id(SITE), groupIds: ["sites"] } },
      ],
    },
  });
  await arm.put("Microsoft.Network/privateEndpoints/to-app/privateDnsZoneGroups/default", {
    properties: {
      privateDnsZoneConfigs: [
        {
          name: "zone",
          properties: { privateDnsZoneId: id("Microsoft.Network/privateDnsZones/privatelink.azurewebsites.net") },
        },
      ],
    },
  });
};

describe("plans", () => {
  test("spread over zones with two instances at least, and stay while a site is on them", async () => {
    const alone = { sku: { name: "P1v3", capacity: 1 }, properties: { zoneRedundant: true } };
    await expect(plan(alone)).rejects.toThrow("two instances at least");
    await plan();
    await site();
    await expect(arm.remove("Microsoft.Web/serverFarms/plan")).rejects.toThrow(
      "has web app(s) app-east assigned to it",
    );
    await arm.remove(SITE);
    await arm.remove("Microsoft.Web/serverFarms/plan");
  });
});

describe("sites", () => {
  test("need a plan that is there, identities that are there, and a name of their own", async () => {
    await expect(site()).rejects.toThrow("Cannot find App Service plan");
    await plan();
    const identity = id("Microsoft.ManagedIdentity/userAssignedIdentities/app");
    const withIdentity = { identity: { type: "UserAssigned", userAssignedIdentities: { [identity]: {} } } };
    await expect(site({}, withIdentity)).rejects.toMatchObject({ code: "FailedIdentityOperation" });
    await arm.put("Microsoft.ManagedIdentity/userAssignedIdentities/app", { location });
    await site({}, withIdentity);
    const other = `/subscriptions/${SUBSCRIPTION_ID}/resourceGroups/other`;
    await arm.put(other, { location });
    await expect(
      arm.put(`${other}/providers/${SITE}`, {
        location,
        properties: { serverFarmId: id("Microsoft.Web/serverFarms/plan") },
      }),
    ).rejects.toThrow("already exists");
    await expect(arm.put("Microsoft.Web/sites/-app", { location, properties: {} })).rejects.toThrow("is not valid");
  });

  test("are integrated with a subnet that is delegated, and that stays as it is meanwhile", async () => {
    await plan();
    await network();
    await expect(site({ virtualNetworkSubnetId: id(APPS) })).rejects.toThrow(
      "must be delegated to Microsoft.Web/serverFarms",
    );
    await arm.put(APPS, { properties: { addressPrefix: "10.1.1.0/26", delegations: SERVER_FARMS } });
    await site({ virtualNetworkSubnetId: id(APPS) });
    await expect(arm.remove(APPS)).rejects.toThrow("serviceAssociationLinks/AppServiceLink");
    await expect(
      arm.put(APPS, { properties: { addressPrefix: "10.1.1.0/26", delegations: [] } }),
    ).rejects.toMatchObject({
      code: "SubnetMissingRequiredDelegation",
    });
    await arm.put("Microsoft.Web/serverFarms/second", { location, sku: { name: "P1v3", capacity: 3 }, properties: {} });
    await expect(
      arm.put("Microsoft.Web/sites/app-two", {
        location,
        properties: { serverFarmId: id("Microsoft.Web/serverFarms/second"), virtualNetworkSubnetId: id(APPS) },
      }),
    ).rejects.toThrow("in use by another App Service plan");
    await web.webApps.deleteSwiftVirtualNetwork("g", "app-east");
    await arm.remove(APPS);
  });

  test("store settings and configuration as App Service does, and the host follows", async () => {
    await plan();
    await site({ siteConfig: { appSettings: [{ name: "WEBSITE_VNET_ROUTE_ALL", value: "1" }], alwaysOn: true } });
    const config = await web.webApps.getConfiguration("g", "app-east");
    expect(config).toMatchObject({ alwaysOn: true, vnetRouteAllEnabled: true, minTlsVersion: "1.2" });
    expect(config.ipSecurityRestrictions).toMatchObject([{ name: "Allow all", ipAddress: "Any" }]);
    await web.webApps.updateApplicationSettings("g", "app-east", { properties: { ONE: "1" } });
    expect((await web.webApps.listApplicationSettings("g", "app-east")).properties).toEqual({ ONE: "1" });
    expect(arm.azure.apps.get(id(SITE))?.settings).toEqual({ ONE: "1" });
    // A write that says nothing of settings leaves them.
    await site({ siteConfig: { alwaysOn: false } });
    expect((await web.webApps.listApplicationSettings("g", "app-east")).properties).toEqual({ ONE: "1" });
    expect((await web.webApps.getConfiguration("g", "app-east")).alwaysOn).toBe(false);
  });
});

describe("publishing", () => {
  const scm = (method: string, path: string, headers: Record<string, string>, body = Buffer.alloc(0)) =>
    new Promise<number>((resolve, reject) => {
      const host = "app-east.scm.azurewebsites.net";
      const socket = connect({ port: arm.manager.port, host: "127.0.0.1", servername: host }, () => {
        const lines = Object.entries({ host, "content-length": String(body.length), connection: "close", ...headers });
        socket.write(
          `${method} ${path} HTTP/1.1\r\n${lines.map(([name, value]) => `${name}: ${value}\r\n`).join("")}\r\n`,
        );
        socket.write(body);
      });
      socket.once("data", (chunk: Buffer) => {
        resolve(Number(/^HTTP\/1.1 (\d+)/.exec(chunk.toString())?.[1]));
        socket.destroy();
      });
      socket.once("error", reject);
    });
  const publish = (headers: Record<string, string> = { authorization: `Bearer ${arm.token}` }, body = zip) =>
    scm("POST", "/api/zipdeploy?isAsync=true", headers, body);
  const zip = Buffer.from(zipSync({ "host.json": strToU8("{}") }));

  test("is refused before the site's endpoint exists, without a token, and with basic authentication", async () => {
    await plan();
    await network();
    expect(await publish()).toBe(404);
    await site();
    expect(await publish()).toBe(403);
    await endpoint();
    expect(await publish({})).toBe(401);
    expect(await publish({ authorization: "Basic YTpi" })).toBe(401);
    expect(await publish({ authorization: "Bearer nobody" })).toBe(401);
    expect(arm.azure.packages.all()).toEqual([]);
    expect(await publish()).toBe(202);
    expect(arm.azure.packages.get(id(SITE))?.path).toMatch(/app-east\.zip$/);
  });

  test("of what is no zip fails, and what was there stays", async () => {
    await plan();
    await network();
    await site();
    await endpoint();
    expect(await publish()).toBe(202);
    const before = arm.azure.packages.get(id(SITE))?.hash;
    expect(await publish({ authorization: `Bearer ${arm.token}` }, Buffer.from("no zip"))).toBe(202);
    expect(await scm("GET", "/api/deployments/latest", { authorization: `Bearer ${arm.token}` })).toBe(200);
    expect(arm.azure.packages.get(id(SITE))?.hash).toBe(before);
  });
});

test("settings for authentication: the first version names the one in force, and the second is read whole, by GET", async () => {
  await plan();
  await site();
  const version = async () =>
    (await web.webApps.getAuthSettings("g", "app-east")) as { readonly configVersion?: string };
  expect((await version()).configVersion).toBe("v1");
  await web.webApps.updateAuthSettingsV2("g", "app-east", { platform: { enabled: true } });
  expect((await version()).configVersion).toBe("v2");
  expect((await web.webApps.getAuthSettingsV2("g", "app-east")).platform).toMatchObject({ enabled: true });
});
