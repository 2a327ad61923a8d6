import { type ArmDocument, bodiesOf, type Body, bodyOf, propertiesOf } from "../../../azure/document";
import type { Arm } from "../../arm/arm";
import { notFound } from "../../arm/fault";
import type { ArmPath } from "../../arm/resource-id";
import type { ResourceType } from "../../arm/resource-type";
import { appFrom } from "./function-app";
import { siteConfigOf } from "./site-config";

/** What a part is until it is written, by its name in small letters. */
const UNWRITTEN: Readonly<Record<string, (site: ArmDocument, arm: Arm) => Body>> = {
  web: (site) => {
    const { appSettings: _settings, ...config } = configOf(site);
    return config;
  },
  appsettings: (site) =>
    Object.fromEntries(bodiesOf(configOf(site), "appSettings").map(({ name, value }) => [String(name), value])),
  connectionstrings: () => ({}),
  azurestorageaccounts: () => ({}),
  slotconfignames: () => ({}),
  metadata: () => ({}),
  // The first version of the settings names the version that is in force.
  authsettings: ({ id }, arm) => ({
    enabled: false,
    configVersion: arm.azure.documents.get(`${id}/config/authsettingsV2`) ? "v2" : "v1",
  }),
  authsettingsv2: () => ({
    platform: { enabled: false },
    globalValidation: {},
    identityProviders: {},
    login: {},
    httpSettings: {},
  }),
  logs: () => ({
    applicationLogs: { fileSystem: { level: "Off" } },
    httpLogs: { fileSystem: { enabled: false }, azureBlobStorage: { enabled: false } },
    failedRequestsTracing: { enabled: false },
    detailedErrorMessages: { enabled: false },
  }),
  // The password opens nothing: basic authentication is refused where the policies say so.
  publishingcredentials: ({ name }) => ({
    publishingUserName: `$${name}`,
    publishingPassword: "",
    scmUri: `https://${name.toLowerCase()}.scm.azurewebsites.net`,
  }),
};

function configOf(site: ArmDocument): Body {
  return bodyOf(propertiesOf(site), "siteConfig");
}

/** Reads of a part go to the document that holds it: for two of them that is the site's own. */
function part(arm: Arm, { id, name, parent }: ArmPath): Body | undefined {
  const site = arm.azure.documents.get(parent);
  const unwritten = UNWRITTEN[name.toLowerCase()];
  const written = arm.azure.documents.get(id);
  if (!site || !unwritten) return undefined;
  return { properties: written ? propertiesOf(written) : unwritten(site, arm) };
}

/** Settings and configuration are kept in the site's own document; the other parts are documents themselves. */
const config: ResourceType = {
  type: "Microsoft.Web/sites/config",
  created: 200,
  stateful: false,
  absent: part,
  written: (arm, document) => {
    const siteId = document.id.replace(/\/config\/[^/]+$/i, "");
    const site = arm.azure.documents.get(siteId);
    if (!site) return;
    const name = document.name.toLowerCase();
    const properties = propertiesOf(document);
    if (name === "web" || name === "appsettings") {
      const siteConfig =
        name === "web"
          ? properties
          : { appSettings: Object.entries(properties).map(([setting, value]) => ({ name: setting, value })) };
      arm.azure.documents.put({
        ...site,
        properties: { ...propertiesOf(site), siteConfig: siteConfigOf({ siteConfig }, configOf(site)) },
      });
      arm.azure.documents.remove(document.id);
    }
    arm.azure.apps.put(appFrom(arm, siteId));
  },
  actions: { list: ({ arm, path }) => listed(arm, path) },
};

function listed(arm: Arm, path: ArmPath): Body {
  const body = part(arm, path);
  if (!body) throw notFound(path.id);
  return { id: path.id, name: path.name, type: "Microsoft.Web/sites/config", ...body };
}

/** Of the second version of the settings for authentication alone, the secrets are asked for by GET (azurerm 4.55.0, `GetAuthSettingsV2`). */
const authSettingsList: ResourceType = {
  type: "Microsoft.Web/sites/config/list",
  actions: {
    list: ({ arm, path }) => {
      if (path.name.toLowerCase() !== "authsettingsv2") throw notFound(path.id);
      return listed(arm, path);
    },
  },
};

/** Both accept basic authentication until it is switched off (learn.microsoft.com/azure/app-service/configure-basic-auth-disable). */
const basicPublishingCredentialsPolicies: ResourceType = {
  type: "Microsoft.Web/sites/basicPublishingCredentialsPolicies",
  created: 200,
  stateful: false,
  absent: (arm, { parent, name }) =>
    arm.get(parent) && /^(ftp|scm)$/i.test(name) ? { properties: { allow: true } } : undefined,
};

/** The integration with a subnet, as a part that can be taken away. */
const networkConfig: ResourceType = {
  type: "Microsoft.Web/sites/networkConfig",
  backing: {
    all: (arm) =>
      arm
        .all("Microsoft.Web/sites")
        .filter((site) => propertiesOf(site).virtualNetworkSubnetId !== undefined)
        .map((site) => ({
          id: `${site.id}/networkConfig/virtualNetwork`,
          name: "virtualNetwork",
          type: "Microsoft.Web/sites/networkConfig",
          properties: { subnetResourceId: propertiesOf(site).virtualNetworkSubnetId, swiftSupported: true },
        })),
    put: (arm, document) => {
      const site = arm.azure.documents.get(document.id.replace(/\/networkConfig\/[^/]+$/i, ""));
      if (!site) return;
      const virtualNetworkSubnetId = propertiesOf(document).subnetResourceId;
      arm.azure.documents.put({ ...site, properties: { ...propertiesOf(site), virtualNetworkSubnetId } });
      arm.azure.apps.put(appFrom(arm, site.id));
    },
    remove: (arm, document) => {
      const site = arm.azure.documents.get(document.id.replace(/\/networkConfig\/[^/]+$/i, ""));
      if (!site) return;
      const { virtualNetworkSubnetId: _gone, ...properties } = propertiesOf(site);
      arm.azure.documents.put({ ...site, properties });
      arm.azure.apps.put(appFrom(arm, site.id));
    },
  },
};

export const SITE_PARTS: readonly ResourceType[] = [
  config,
  authSettingsList,
  basicPublishingCredentialsPolicies,
  networkConfig,
];
