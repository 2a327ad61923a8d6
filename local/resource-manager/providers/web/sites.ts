import { bodiesOf, type Body, bodyOf, propertiesOf, stringOf } from "../../../azure/document";
import { guidOf } from "../../../azure/guid";
import { badRequest, conflict } from "../../arm/fault";
import { sameId } from "../../arm/resource-id";
import type { ResourceType, WriteRule } from "../../arm/resource-type";
import { appFrom } from "./function-app";
import { siteConfigOf } from "./site-config";

export const SITES = "Microsoft.Web/sites";

const nameIsFree: WriteRule = ({ arm, path, before }) => {
  if (before || !arm.all(SITES).some(({ name }) => sameId(name, path.name))) return;
  throw conflict("Conflict", `Website with given name ${path.name} already exists.`);
};

const planExists: WriteRule = ({ arm, path, body }) => {
  const id = stringOf(propertiesOf(body), "serverFarmId") ?? "";
  const plan = arm.get(id);
  if (!plan) throw badRequest("BadRequest", `Cannot find App Service plan with id '${id}' for site '${path.name}'.`);
  if (plan.location === body.location) return;
  throw badRequest(
    "BadRequest",
    `Site '${path.name}' in ${String(body.location)} cannot use the App Service plan '${plan.name}' in ${String(plan.location)}.`,
  );
};

const identitiesExist: WriteRule = ({ arm, body }) => {
  for (const id of Object.keys(bodyOf(bodyOf(body, "identity"), "userAssignedIdentities"))) {
    if (arm.get(id)) continue;
    throw badRequest(
      "FailedIdentityOperation",
      `Identity operation for resource failed with error 'Failed to perform resource identity operation. The identity ${id} was not found.'`,
    );
  }
};

/** learn.microsoft.com/azure/app-service/overview-vnet-integration#subnet-requirements */
const subnetIsDelegated: WriteRule = ({ arm, path, body }) => {
  const id = stringOf(propertiesOf(body), "virtualNetworkSubnetId") ?? "";
  if (id === "") return;
  const subnet = arm.need(id, path.id);
  const delegated = bodiesOf(propertiesOf(subnet), "delegations").some(
    (delegation) => stringOf(propertiesOf(delegation), "serviceName")?.toLowerCase() === "microsoft.web/serverfarms",
  );
  if (!delegated) {
    throw badRequest(
      "BadRequest",
      `SubnetDelegationMissing: subnet '${subnet.name}' must be delegated to Microsoft.Web/serverFarms before site '${path.name}' can be integrated with it.`,
    );
  }
  const network = arm.get(id.replace(/\/subnets\/[^/]+$/i, ""));
  if (network?.location === body.location) return;
  throw badRequest(
    "BadRequest",
    `Regional VNet integration needs a network in the site's region: '${path.name}' is in ${String(body.location)}, the network in ${String(network?.location)}.`,
  );
};

/** One subnet serves the apps of one plan. */
const subnetServesOnePlan: WriteRule = ({ arm, path, body }) => {
  const { virtualNetworkSubnetId: subnet, serverFarmId: plan } = propertiesOf(body);
  if (typeof subnet !== "string" || subnet === "") return;
  const other = arm
    .all(SITES)
    .find(
      (site) =>
        !sameId(site.id, path.id) &&
        sameId(String(propertiesOf(site).virtualNetworkSubnetId), subnet) &&
        !sameId(String(propertiesOf(site).serverFarmId), String(plan)),
    );
  if (!other) return;
  throw conflict(
    "Conflict",
    `Subnet '${subnet}' is in use by another App Service plan: site '${other.name}' is integrated with it.`,
  );
};

export const sites: ResourceType = {
  type: SITES,
  longRunning: true,
  created: 200,
  naming: {
    pattern: /^[A-Za-z0-9]([A-Za-z0-9-]{0,58}[A-Za-z0-9])$/,
    code: "BadRequest",
    says: "2 to 60 letters, digits and hyphens, no hyphen at either end",
  },
  rules: [nameIsFree, planExists, identitiesExist, subnetIsDelegated, subnetServesOnePlan],
  stored: ({ arm, path, body, before }) => {
    const host = `${path.name.toLowerCase()}.azurewebsites.net`;
    const scm = `${path.name.toLowerCase()}.scm.azurewebsites.net`;
    const properties = propertiesOf(body);
    return {
      ...body,
      identity: identityOf(body, (id) => arm.azure.identities.get(id)),
      properties: {
        ...properties,
        siteConfig: siteConfigOf(properties, bodyOf(propertiesOf(before), "siteConfig")),
        state: "Running",
        enabled: true,
        usageState: "Normal",
        availabilityState: "Normal",
        defaultHostName: host,
        hostNames: [host],
        enabledHostNames: [host, scm],
        hostNameSslStates: [
          { name: host, sslState: "Disabled", hostType: "Standard" },
          { name: scm, sslState: "Disabled", hostType: "Repository" },
        ],
        outboundIpAddresses: "198.51.100.200,198.51.100.201",
        possibleOutboundIpAddresses: "198.51.100.200,198.51.100.201,198.51.100.202",
        customDomainVerificationId: guidOf(`domain ${path.subscription}`).replaceAll("-", "").toUpperCase(),
      },
    };
  },
  // App settings are read by a call of their own.
  shown: (_arm, site) => {
    const { appSettings: _settings, connectionStrings: _strings, ...config } = bodyOf(propertiesOf(site), "siteConfig");
    return { ...site, properties: { ...propertiesOf(site), siteConfig: config } };
  },
  written: (arm, site) => {
    arm.azure.apps.put(appFrom(arm, site.id));
  },
  removed: ({ azure }, { id }) => {
    azure.apps.remove(id);
    azure.packages.remove(id);
  },
  actions: { restart: () => undefined },
};

/** User-assigned identities are shown with what Entra knows of them. */
function identityOf(
  body: Body,
  find: (id: string) => { readonly principalId: string; readonly clientId: string } | undefined,
): Body {
  const identity = bodyOf(body, "identity");
  const assigned = Object.keys(bodyOf(identity, "userAssignedIdentities")).map((id) => {
    const { principalId, clientId } = find(id) ?? {};
    return [id, { principalId, clientId }];
  });
  return { ...identity, userAssignedIdentities: Object.fromEntries(assigned) as Body };
}

/** Asked before a site is made. */
export const web: ResourceType = {
  type: "Microsoft.Web",
  actions: {
    checknameavailability: ({ arm, body }) => {
      const name = stringOf(body, "name") ?? "";
      const taken = arm.all(SITES).some((site) => sameId(site.name, name));
      return taken
        ? {
            nameAvailable: false,
            reason: "AlreadyExists",
            message: `Hostname '${name}' already exists. Please select a different name.`,
          }
        : { nameAvailable: true, reason: "", message: "" };
    },
  },
};
