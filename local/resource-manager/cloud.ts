import { createHash, timingSafeEqual } from "node:crypto";
import type { Azure } from "../azure/azure";
import { guidOf } from "../azure/guid";
import type { TokenAuthority } from "../identity/tokens";
import { EntraFault } from "./entra-fault";

/** What a client of a cloud asks first: where its services are (github.com/hashicorp/go-azure-sdk, sdk/environments). */
export function endpointsOf(origin: string): object {
  return {
    name: "AzureLocal",
    portal: origin,
    resourceManager: origin,
    authentication: {
      loginEndpoint: origin,
      audiences: [origin, "https://management.azure.com/"],
      tenant: "common",
      identityProvider: "AAD",
    },
    graph: origin,
    graphAudience: origin,
    microsoftGraphResourceId: origin,
    gallery: origin,
    media: "",
    vmImageAliasDoc: "",
    batch: "https://batch.core.windows.net/",
    sqlManagement: origin,
    activeDirectoryDataLake: origin,
    appInsightsResourceId: origin,
    appInsightsTelemetryChannelResourceId: origin,
    attestationResourceId: origin,
    synapseAnalyticsResourceId: origin,
    logAnalyticsResourceId: origin,
    ossrDbmsResourceId: origin,
    suffixes: {
      acrLoginServer: "azurecr.io",
      azureDataLakeStoreFileSystem: "azuredatalakestore.net",
      azureFrontDoorEndpointSuffix: "azurefd.net",
      keyVaultDns: "vault.azure.net",
      mariadbServerEndpoint: "mariadb.database.azure.com",
      mhsmDns: "managedhsm.azure.net",
      mysqlServerEndpoint: "mysql.database.azure.com",
      postgresqlServerEndpoint: "postgres.database.azure.com",
      sqlServerHostname: "database.windows.net",
      storage: "core.windows.net",
      storageSyncEndpointSuffix: "afs.azure.net",
      synapseAnalytics: "dev.azuresynapse.net",
    },
  };
}

/** What sign-in libraries ask before they ask for a token. */
export function openIdConfigurationOf(origin: string, tenant: string): object {
  return {
    issuer: `${origin}/${tenant}/v2.0`,
    authorization_endpoint: `${origin}/${tenant}/oauth2/v2.0/authorize`,
    token_endpoint: `${origin}/${tenant}/oauth2/v2.0/token`,
    device_authorization_endpoint: `${origin}/${tenant}/oauth2/v2.0/devicecode`,
    end_session_endpoint: `${origin}/${tenant}/oauth2/v2.0/logout`,
    jwks_uri: `${origin}/${tenant}/discovery/v2.0/keys`,
  };
}

export interface SignIn {
  readonly authority: TokenAuthority;
  readonly azure: Azure;
  /** This run's. */
  readonly secret: string;
}

/**
 * Entra's token endpoint: a caller with this run's secret gets a token for the client that it names. Without the secret, any process of the machine that finds the port could
 * deploy code, and that code would run.
 *
 * @throws EntraFault where no client or no resource is named, or the secret is not this run's
 */
export function tokenFor({ authority, azure, secret }: SignIn, form: URLSearchParams): object {
  const clientId = form.get("client_id") ?? "";
  const scope = form
    .get("scope")
    ?.split(" ")
    .find((each) => each.endsWith("/.default"));
  const resource = scope?.replace(/\/\.default$/, "") ?? form.get("resource") ?? "";
  if (clientId === "" || resource === "") {
    throw new EntraFault(
      400,
      "invalid_request",
      900144,
      "The request body must contain the parameters 'client_id' and 'scope'.",
    );
  }
  if (!isSame(form.get("client_secret") ?? "", secret)) {
    throw new EntraFault(401, "invalid_client", 7000215, "Invalid client secret provided.");
  }
  const known = azure.identities.all().find((identity) => identity.clientId === clientId);
  const principalId = known?.principalId ?? guidOf(`operator ${clientId}`);
  azure.signedIn.add(principalId);
  const { token, expiresOn } = authority.issue({ principalId, clientId }, resource);
  const seconds = expiresOn - Math.floor(Date.now() / 1000);
  return {
    token_type: "Bearer",
    expires_in: seconds,
    ext_expires_in: seconds,
    expires_on: String(expiresOn),
    resource,
    access_token: token,
  };
}

function isSame(one: string, other: string): boolean {
  const digest = (text: string) => createHash("sha256").update(text).digest();
  return timingSafeEqual(digest(one), digest(other));
}
