import { type Body, bodiesOf, bodyOf } from "../../../azure/document";

/** What App Service adds to a configuration that says nothing about it (learn.microsoft.com/rest/api/appservice/web-apps/get-configuration). */
const DEFAULTS: Body = {
  numberOfWorkers: 1,
  netFrameworkVersion: "v4.0",
  requestTracingEnabled: false,
  remoteDebuggingEnabled: false,
  httpLoggingEnabled: false,
  detailedErrorLoggingEnabled: false,
  scmType: "None",
  use32BitWorkerProcess: true,
  webSocketsEnabled: false,
  alwaysOn: false,
  managedPipelineMode: "Integrated",
  loadBalancing: "LeastRequests",
  autoHealEnabled: false,
  vnetRouteAllEnabled: false,
  http20Enabled: false,
  minTlsVersion: "1.2",
  scmMinTlsVersion: "1.2",
  ftpsState: "FtpsOnly",
  preWarmedInstanceCount: 0,
  functionAppScaleLimit: 0,
  functionsRuntimeScaleMonitoringEnabled: false,
  minimumElasticInstanceCount: 0,
  ipSecurityRestrictionsDefaultAction: "Allow",
  scmIpSecurityRestrictionsDefaultAction: "Allow",
  scmIpSecurityRestrictionsUseMain: false,
};

/** Where a setting is one that App Service keeps as a property of the configuration, and not as a setting. */
const VNET_ROUTE_ALL = "WEBSITE_VNET_ROUTE_ALL";

/**
 * A site's configuration as App Service stores it: what a write leaves out stays, settings included, and a value that has two places is brought
 * into line.
 *
 * @param site the properties of the site that are written
 * @param before the configuration that is stored
 */
export function siteConfigOf(site: Body, before: Body): Body {
  const wanted = given(bodyOf(site, "siteConfig"));
  const settings = wanted.appSettings === undefined ? bodiesOf(before, "appSettings") : bodiesOf(wanted, "appSettings");
  const routeAll = settings.find(({ name }) => name === VNET_ROUTE_ALL)?.value;
  return {
    ...DEFAULTS,
    ...before,
    ...(typeof site.vnetRouteAllEnabled === "boolean" ? { vnetRouteAllEnabled: site.vnetRouteAllEnabled } : {}),
    ...(routeAll === undefined ? {} : { vnetRouteAllEnabled: routeAll === "1" }),
    ...wanted,
    appSettings: settings,
    ...restrictions(wanted, "ipSecurityRestrictions"),
    ...restrictions(wanted, "scmIpSecurityRestrictions"),
  };
}

/** Without rules there is one for everybody, as the default action says. */
function restrictions(config: Body, key: string): Body {
  const rules = bodiesOf(config, key);
  if (rules.length > 0) return { [key]: rules };
  const deny = config[`${key}DefaultAction`] === "Deny";
  return {
    [key]: [
      {
        ipAddress: "Any",
        action: deny ? "Deny" : "Allow",
        priority: 2_147_483_647,
        name: deny ? "Deny all" : "Allow all",
        description: deny ? "Deny all access" : "Allow all access",
      },
    ],
  };
}

function given(config: Body): Body {
  return Object.fromEntries(Object.entries(config).filter(([, value]) => value !== null && value !== undefined));
}
