import type { ApplicationInsights } from "@cdktf/provider-azurerm/lib/application-insights";
import { WindowsFunctionApp } from "@cdktf/provider-azurerm/lib/windows-function-app";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { ROLES } from "../../azure-facts/built-in-roles";
import { FUNCTIONS_NODE } from "../../azure-facts/functions-node";
import { CONNECTION } from "../../functions/shared/settings";
import type { PlannedApp } from "../../topology/apps";
import type { ArmIds } from "../../topology/arm-ids";
import type { Region, Stamp } from "../../topology/schema";
import type { Placement } from "../network/placement";
import { privateEndpoint } from "../network/private-endpoint";
import { AppIdentity, type Grant } from "./app-identity";
import { type EntraAuthentication, entraAuthentication } from "./entra-authentication";
import { HOST_STORAGE_ROLES, type HostStorage } from "./host-storage";
import type { Plan } from "./plan";

export interface FunctionAppProps extends Placement {
  readonly app: PlannedApp;
  readonly region: Region;
  readonly ids: ArmIds;
  readonly plan: Plan;
  readonly storage: HostStorage;
  readonly insights: ApplicationInsights;
  /** What the app's identity may do on Service Bus. */
  readonly serviceBusGrants: readonly Grant[];
  /** The host its connection names. */
  readonly serviceBusHost: string;
  readonly settings: Record<string, string>;
  /** @default every host that can connect to it may call it */
  readonly authentication?: Stamp["authentication"];
}

/**
 * A function app without public access, without a key, and without a route past the VNet: its own identity with its roles first, then the app, then the
 * private endpoint of its site.
 *
 * Its code comes later, by the code stack. `WEBSITE_VNET_ROUTE_ALL` and `WEBSITE_NODE_DEFAULT_VERSION` are not among its settings: azurerm
 * maps both to site configuration and would find them changed at every plan.
 */
export class FunctionApp extends Construct {
  readonly resource: WindowsFunctionApp;

  constructor(scope: Construct, id: string, props: FunctionAppProps) {
    super(scope, id);
    const { app, region, ids, plan, storage, insights, serviceBusGrants, serviceBusHost, settings } = props;
    const placement: Placement = {
      location: props.location,
      resourceGroupName: props.resourceGroupName,
      tags: props.tags,
    };
    const { name } = app;
    const { identity, roles } = new AppIdentity(this, "identity", {
      ...placement,
      name: `${name}-identity`,
      grants: [
        ...HOST_STORAGE_ROLES.map((role) => ({ purpose: role, role, scope: storage.account.id })),
        { purpose: "telemetry", role: ROLES.metricsPublisher.name, scope: insights.id },
        ...serviceBusGrants,
      ],
    });
    const authentication: EntraAuthentication | undefined =
      props.authentication && entraAuthentication(props.authentication);
    const before: ITerraformDependable[] = [...roles, ...storage.endpoints];
    this.resource = new WindowsFunctionApp(this, "app", {
      ...placement,
      name,
      servicePlanId: plan.resource.id,
      virtualNetworkSubnetId: ids.subnet(region, "integrationSubnet"),
      functionsExtensionVersion: "~4",
      httpsOnly: true,
      publicNetworkAccessEnabled: false,
      builtinLoggingEnabled: false,
      ftpPublishBasicAuthenticationEnabled: false,
      webdeployPublishBasicAuthenticationEnabled: false,
      storageAccountName: storage.account.name,
      storageUsesManagedIdentity: true,
      identity: { type: "UserAssigned", identityIds: [identity.id] },
      // Without it App Service would resolve them by an identity of its own, which the app has not.
      keyVaultReferenceIdentityId: identity.id,
      siteConfig: {
        alwaysOn: true,
        vnetRouteAllEnabled: true,
        use32BitWorker: false,
        ftpsState: "Disabled",
        http2Enabled: true,
        minimumTlsVersion: "1.2",
        scmMinimumTlsVersion: "1.2",
        ipRestrictionDefaultAction: "Deny",
        scmIpRestrictionDefaultAction: "Deny",
        healthCheckPath: "/api/health",
        healthCheckEvictionTimeInMin: 5,
        applicationStack: { nodeVersion: `~${FUNCTIONS_NODE}` },
        applicationInsightsConnectionString: insights.connectionString,
      },
      appSettings: {
        AzureWebJobsStorage__credential: "managedidentity",
        AzureWebJobsStorage__clientId: identity.clientId,
        APPLICATIONINSIGHTS_AUTHENTICATION_STRING: `ClientId=${identity.clientId};Authorization=AAD`,
        WEBSITE_RUN_FROM_PACKAGE: "1",
        [`${CONNECTION}__fullyQualifiedNamespace`]: serviceBusHost,
        [`${CONNECTION}__credential`]: "managedidentity",
        [`${CONNECTION}__clientId`]: identity.clientId,
        ...settings,
      },
      ...(authentication ? { authSettingsV2: authentication } : {}),
      dependsOn: before,
    });
    privateEndpoint(this, "endpoint", {
      // The host storage's endpoints in this group are named for its parts: an app may be called as one of them.
      name: `${name}-site`,
      resourceGroupName: placement.resourceGroupName,
      tags: placement.tags,
      region,
      ids,
      endpoint: app.endpoint("site"),
      resourceId: this.resource.id,
      zone: "sites",
    });
  }
}
