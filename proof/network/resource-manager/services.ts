import { BUILT_IN_ROLES } from "../../../azure-facts/built-in-roles";
import { Intervals } from "../../packets/intervals";
import type { Alias, App, MonitoringComponent, Role, Service } from "../model";
import { accepted, acceptedByNamespace, acceptedBySite } from "./accepted";
import {
  type ArmDocument,
  bodiesOf,
  bodyOf,
  type Documents,
  itemOf,
  originOf,
  propertiesOf,
  stringOf,
} from "./documents";

const SITES = "Microsoft.Web/sites";

export function servicesIn(documents: Documents): Service[] {
  const service = (
    document: ArmDocument,
    kind: Service["kind"],
    access: Pick<Service, "publicAccess" | "accepts" | "acceptsBesideIdentities" | "deniesByDefault">,
  ): Service => ({ ...itemOf(document), location: stringOf(document, "location") ?? "global", kind, ...access });
  return [
    ...documents.of("Microsoft.ServiceBus/namespaces").map((document) =>
      service(document, "serviceBus", {
        ...acceptedByNamespace(document, documents),
        acceptsBesideIdentities: propertiesOf(document).disableLocalAuth === true ? [] : ["SAS keys"],
        deniesByDefault: true,
      }),
    ),
    ...documents.of("Microsoft.Storage/storageAccounts").map((document) => {
      const properties = propertiesOf(document);
      return service(document, "storage", {
        ...accepted(properties, bodyOf(properties, "networkAcls")),
        acceptsBesideIdentities: [
          ...(properties.allowSharedKeyAccess === false ? [] : ["account keys"]),
          ...(properties.allowBlobPublicAccess === true ? ["anonymous readers"] : []),
          ...(properties.isSftpEnabled === true ? ["users of SFTP"] : []),
          ...(properties.isNfsV3Enabled === true ? ["every client of NFS"] : []),
        ],
        deniesByDefault:
          stringOf(bodyOf(properties, "networkAcls"), "defaultAction") !== "Allow" ||
          properties.publicNetworkAccess === "Disabled",
      });
    }),
    ...documents.of(SITES).map((document) => {
      const config = bodyOf(propertiesOf(document), "siteConfig");
      const policies = documents.below(document, `${SITES}/basicPublishingCredentialsPolicies`);
      const allows = (name: string) =>
        propertiesOf(policies.find((each) => each.name.toLowerCase() === name)).allow !== false;
      return service(document, "site", {
        ...acceptedBySite(propertiesOf(document), config),
        acceptsBesideIdentities: [
          ...(allows("scm") ? ["passwords for webdeploy"] : []),
          ...(allows("ftp") ? ["passwords for ftp"] : []),
        ],
        deniesByDefault: ["ipSecurityRestrictionsDefaultAction", "scmIpSecurityRestrictionsDefaultAction"].every(
          (key) => stringOf(config, key) === "Deny",
        ),
      });
    }),
    ...documents.of("Microsoft.Insights/privateLinkScopes").map((document) =>
      service(document, "monitorScope", {
        publicAccess: "none",
        accepts: Intervals.none,
        acceptsBesideIdentities: [],
        deniesByDefault: true,
      }),
    ),
  ];
}

export function appsIn(documents: Documents): App[] {
  return documents.of(SITES).map((document) => {
    const properties = propertiesOf(document);
    const config = bodyOf(properties, "siteConfig");
    const subnetId = stringOf(properties, "virtualNetworkSubnetId")?.toLowerCase();
    const settings = Object.fromEntries(
      bodiesOf(config, "appSettings").map((setting) => [String(setting.name), String(setting.value)]),
    );
    const account = settings.AzureWebJobsStorage__accountName;
    return {
      ...itemOf(document),
      location: stringOf(document, "location") ?? "",
      kind: (stringOf(document, "kind") ?? "").includes("functionapp") ? "function" : "web",
      ...(subnetId === undefined ? {} : { subnetId }),
      routesAll: (config.vnetRouteAllEnabled ?? properties.vnetRouteAllEnabled) === true,
      settings,
      identityIds: identitiesOf(document),
      ...(account === undefined ? {} : { storageAccount: account }),
      keyBlocks: bodiesOf(config, "connectionStrings").length > 0 ? ["connection_string"] : [],
      alwaysOn: config.alwaysOn === true,
    };
  });
}

/** The one that Azure makes for the app is known by the app's own id. */
function identitiesOf(document: ArmDocument): string[] {
  const identity = bodyOf(document, "identity");
  const assigned = Object.keys(bodyOf(identity, "userAssignedIdentities")).map((id) => id.toLowerCase());
  return stringOf(identity, "type")?.includes("SystemAssigned") ? [document.id.toLowerCase(), ...assigned] : assigned;
}

/** A pair is shown by both of its namespaces: the primary's document counts. */
export function aliasesIn(documents: Documents): Alias[] {
  return documents
    .of("Microsoft.ServiceBus/namespaces/disasterRecoveryConfigs")
    .filter((document) => stringOf(propertiesOf(document), "role") !== "Secondary")
    .map((document) => {
      const partnerId = stringOf(propertiesOf(document), "partnerNamespace")?.toLowerCase();
      return {
        ...itemOf(document),
        primaryId: document.id.toLowerCase().replace(/\/disasterrecoveryconfigs\/[^/]+$/, ""),
        ...(partnerId === undefined ? {} : { partnerId }),
      };
    });
}

export function rolesIn(documents: Documents): Role[] {
  const identities = new Map(
    documents
      .of("Microsoft.ManagedIdentity/userAssignedIdentities")
      .map((document) => [stringOf(propertiesOf(document), "principalId"), document.id.toLowerCase()]),
  );
  return documents.of("Microsoft.Authorization/roleAssignments").map((document) => {
    const properties = propertiesOf(document);
    const definition = (stringOf(properties, "roleDefinitionId") ?? "").split("/").at(-1);
    const principal = stringOf(properties, "principalId") ?? "";
    return {
      name: BUILT_IN_ROLES.find(({ id }) => id === definition)?.name ?? definition ?? "",
      scope: document.id.toLowerCase().replace(/\/providers\/microsoft\.authorization\/.*$/, ""),
      principal: identities.get(principal) ?? principal,
      origin: originOf(document.id),
    };
  });
}

export function monitoringIn(documents: Documents): MonitoringComponent[] {
  const members = documents.of("Microsoft.Insights/privateLinkScopes/scopedResources");
  return documents.of("Microsoft.Insights/components").map((document) => ({
    ...itemOf(document),
    location: stringOf(document, "location") ?? "",
    takesFromInternet: stringOf(propertiesOf(document), "publicNetworkAccessForIngestion") !== "Disabled",
    scopeIds: members
      .filter(
        (member) => stringOf(propertiesOf(member), "linkedResourceId")?.toLowerCase() === document.id.toLowerCase(),
      )
      .map(({ id }) => id.toLowerCase().replace(/\/scopedresources\/[^/]+$/, "")),
  }));
}
