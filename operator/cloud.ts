import { askJson } from "./asking";

/** The two hosts of a cloud that publishing needs. */
export interface Cloud {
  readonly resourceManager: string;
  readonly login: string;
}

const PUBLIC_CLOUD: Cloud = {
  resourceManager: "https://management.azure.com",
  login: "https://login.microsoftonline.com",
};

/**
 * The public cloud's hosts, or those that the metadata host names, as azurerm looks them up.
 *
 * @throws Unanswered where the metadata host does not answer; Error where it does not answer as one
 */
export async function cloudOf(metadataHost: string | undefined): Promise<Cloud> {
  if (metadataHost === undefined) return PUBLIC_CLOUD;
  const { resourceManager, authentication } = (await askJson(
    `https://${metadataHost}/metadata/endpoints?api-version=2022-09-01`,
  )) as {
    resourceManager?: string;
    authentication?: { loginEndpoint?: string };
  };
  const login = authentication?.loginEndpoint;
  if (!resourceManager || !login) throw new Error(`the metadata host ${metadataHost} names no hosts.`);
  return { resourceManager: resourceManager.replace(/\/$/, ""), login: login.replace(/\/$/, "") };
}
