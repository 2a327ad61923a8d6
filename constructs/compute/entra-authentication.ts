import type { WindowsFunctionAppAuthSettingsV2 } from "@cdktf/provider-azurerm/lib/windows-function-app";
import type { Stamp } from "../../topology/schema";

export type EntraAuthentication = WindowsFunctionAppAuthSettingsV2;

/**
 * App Service checks the caller's Entra token before the code sees the request, and answers 401 without one. It needs no client secret: tokens are
 * only checked: there is no sign-in here.
 */
export function entraAuthentication({
  tenantId,
  clientId,
  allowedApplications,
}: NonNullable<Stamp["authentication"]>): EntraAuthentication {
  return {
    authEnabled: true,
    requireAuthentication: true,
    requireHttps: true,
    unauthenticatedAction: "Return401",
    defaultProvider: "azureactivedirectory",
    activeDirectoryV2: {
      clientId,
      tenantAuthEndpoint: `https://login.microsoftonline.com/${tenantId}/v2.0/`,
      allowedAudiences: [clientId, `api://${clientId}`],
      ...(allowedApplications ? { allowedApplications: [...allowedApplications] } : {}),
    },
    login: { tokenStoreEnabled: false },
  };
}
