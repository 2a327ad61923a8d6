import { readFile } from "node:fs/promises";
import {
  AzureCliCredential,
  ClientAssertionCredential,
  ClientSecretCredential,
  ManagedIdentityCredential,
  type TokenCredential,
} from "@azure/identity";
import type { TlsSettings } from "@azure/core-rest-pipeline";
import { askJson } from "./asking";

/**
 * The credential that azurerm itself would use, by the same variables, so that the apply and the publishing are one and the same caller:
 * a client secret, OIDC (a token, a file, or GitHub's token service), a managed identity, else the Azure CLI's login.
 *
 * @param authorityHost where tokens come from
 * @param tlsOptions what is trusted beside the machine's own certificates
 * @throws Error that names the variable that is missing
 */
export function credentialFrom(
  environment: NodeJS.ProcessEnv,
  authorityHost: string,
  tlsOptions?: TlsSettings,
): TokenCredential {
  const { ARM_CLIENT_ID, ARM_CLIENT_SECRET, ARM_TENANT_ID } = environment;
  const options = {
    authorityHost,
    ...(tlsOptions ? { tlsOptions } : {}),
    disableInstanceDiscovery: !/\.microsoftonline\.(com|us)$|\.chinacloudapi\.cn$/.test(
      new URL(authorityHost).hostname,
    ),
  };
  if (ARM_CLIENT_SECRET) {
    return new ClientSecretCredential(named("ARM_TENANT_ID"), named("ARM_CLIENT_ID"), ARM_CLIENT_SECRET, options);
  }
  if (isOn(environment.ARM_USE_OIDC)) {
    return new ClientAssertionCredential(
      named("ARM_TENANT_ID"),
      named("ARM_CLIENT_ID"),
      () => federatedToken(environment),
      options,
    );
  }
  if (isOn(environment.ARM_USE_MSI)) {
    return ARM_CLIENT_ID ? new ManagedIdentityCredential({ clientId: ARM_CLIENT_ID }) : new ManagedIdentityCredential();
  }
  return new AzureCliCredential(ARM_TENANT_ID ? { tenantId: ARM_TENANT_ID } : {});

  function named(name: string): string {
    const value = environment[name];
    if (!value) throw new Error(`${name} is not set, and the way to sign in that ARM_* names needs it.`);
    return value;
  }
}

async function federatedToken(environment: NodeJS.ProcessEnv): Promise<string> {
  const { ARM_OIDC_TOKEN, ARM_OIDC_TOKEN_FILE_PATH } = environment;
  if (ARM_OIDC_TOKEN) return ARM_OIDC_TOKEN;
  if (ARM_OIDC_TOKEN_FILE_PATH) return (await readFile(ARM_OIDC_TOKEN_FILE_PATH, "utf8")).trim();
  const url = environment.ARM_OIDC_REQUEST_URL ?? environment.ACTIONS_ID_TOKEN_REQUEST_URL;
  const token = environment.ARM_OIDC_REQUEST_TOKEN ?? environment.ACTIONS_ID_TOKEN_REQUEST_TOKEN;
  if (!url || !token) {
    throw new Error(
      "ARM_USE_OIDC is on, but there is no token: set ARM_OIDC_TOKEN or ARM_OIDC_TOKEN_FILE_PATH, or run where ACTIONS_ID_TOKEN_REQUEST_URL is set.",
    );
  }
  const { value } = (await askJson(`${url}&audience=${encodeURIComponent("api://AzureADTokenExchange")}`, {
    headers: { authorization: `Bearer ${token}` },
  })) as { value?: string };
  if (!value) throw new Error("the OIDC token service answered without a token.");
  return value;
}

function isOn(value: string | undefined): boolean {
  return value !== undefined && /^(1|true)$/i.test(value);
}
