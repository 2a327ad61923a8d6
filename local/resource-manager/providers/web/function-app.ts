import type { FunctionApp } from "../../../azure/azure";
import { bodiesOf, bodyOf, propertiesOf, stringOf, stringsOf } from "../../../azure/document";
import type { Arm } from "../../arm/arm";

/** A site as the Functions host takes it: with the settings and the authentication of the documents. */
export function appFrom({ azure }: Arm, siteId: string): FunctionApp {
  const site = azure.documents.get(siteId);
  if (!site) throw new Error(`There is no site ${siteId}.`);
  const subnetId = stringOf(propertiesOf(site), "virtualNetworkSubnetId");
  const settings = bodiesOf(bodyOf(propertiesOf(site), "siteConfig"), "appSettings");
  const entra = propertiesOf(azure.documents.get(`${siteId}/config/authsettingsV2`));
  const enabled = bodyOf(entra, "platform").enabled === true;
  const validation = bodyOf(bodyOf(bodyOf(entra, "identityProviders"), "azureActiveDirectory"), "validation");
  const applications = stringsOf(bodyOf(validation, "defaultAuthorizationPolicy"), "allowedApplications");
  return {
    id: site.id,
    name: site.name,
    location: String(site.location),
    ...(subnetId === undefined ? {} : { subnetId }),
    settings: Object.fromEntries(
      settings.map((setting) => [stringOf(setting, "name") ?? "", stringOf(setting, "value") ?? ""]),
    ),
    identityIds: Object.keys(bodyOf(bodyOf(site, "identity"), "userAssignedIdentities")),
    ...(enabled
      ? {
          authentication: {
            audiences: stringsOf(validation, "allowedAudiences"),
            ...(applications.length === 0 ? {} : { applications }),
          },
        }
      : {}),
  };
}
