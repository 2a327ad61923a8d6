import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type GenericResource, ResourceManagementClient } from "@azure/arm-resources";
import { Azure } from "../../local/azure/azure";
import { TokenAuthority } from "../../local/identity/tokens";
import { CertificateAuthority } from "../../local/names/certificates";
import { ResourceManager, type ResourceManagerProps } from "../../local/resource-manager/resource-manager";
import { trust } from "./local";

export const SUBSCRIPTION_ID = "11111111-2222-3333-4444-555555555555";
const GROUP = `/subscriptions/${SUBSCRIPTION_ID}/resourceGroups/g`;
const API_VERSION = "2024-01-01";

/** `id("Microsoft.Network/virtualNetworks/hub")`, in the group that every test has. */
export function id(path: string): string {
  return path.startsWith("/") ? path : `${GROUP}/providers/${path}`;
}

export interface ResourceManagerUnderTest {
  readonly azure: Azure;
  readonly manager: ResourceManager;
  readonly token: string;
  /** What clients of Azure's libraries are made with. */
  readonly credential: { getToken: () => Promise<{ token: string; expiresOnTimestamp: number }> };
  readonly options: { readonly endpoint: string; readonly credentialScopes: string[] };
  /** Writes, waits for the end of the operation, and reads what is stored. */
  put(path: string, body: GenericResource): Promise<GenericResource>;
  get(path: string): Promise<GenericResource>;
  remove(path: string): Promise<void>;
  stop(): Promise<void>;
}

/** A Resource Manager on an empty Azure with one group, asked through Azure's own library. */
export async function resourceManager(
  azure = new Azure(),
  props: Pick<ResourceManagerProps, "subnetMs" | "endpointMs"> = {},
): Promise<ResourceManagerUnderTest> {
  const folder = mkdtempSync(join(tmpdir(), "locked-down-manager-"));
  const authority = new TokenAuthority();
  const certificates = await CertificateAuthority.create();
  trust(certificates.certificate);
  const manager = await ResourceManager.start({ azure, authority, certificates, folder, propagationMs: 50, ...props });
  const { token } = authority.issue({ principalId: "operator", clientId: "operator" }, manager.origin);
  const credential = { getToken: () => Promise.resolve({ token, expiresOnTimestamp: Date.now() + 3_600_000 }) };
  const options = { endpoint: manager.origin, credentialScopes: [`${manager.origin}/.default`] };
  const client = new ResourceManagementClient(credential, SUBSCRIPTION_ID, {
    ...options,
    retryOptions: { maxRetries: 0 },
  });
  await client.resourceGroups.createOrUpdate("g", { location: "eastus2" });
  const at = { updateIntervalInMs: 1 };
  return {
    azure,
    manager,
    token,
    credential,
    options,
    async put(path, body) {
      await client.resources.beginCreateOrUpdateByIdAndWait(id(path), API_VERSION, body, at);
      return await client.resources.getById(id(path), API_VERSION);
    },
    get: (path) => client.resources.getById(id(path), API_VERSION),
    async remove(path) {
      await client.resources.beginDeleteByIdAndWait(id(path), API_VERSION, at);
    },
    async stop() {
      await manager.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
