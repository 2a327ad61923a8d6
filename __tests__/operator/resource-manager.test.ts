import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { azureFrom } from "../../local/azure/from-stacks";
import { TokenAuthority } from "../../local/identity/tokens";
import { CertificateAuthority } from "../../local/names/certificates";
import { ResourceManager, TENANT } from "../../local/resource-manager/resource-manager";
import { credentialFrom } from "../../operator/credential";
import { ResourceManagerClient } from "../../operator/resource-manager";
import { build } from "../support/build";

const folder = mkdtempSync(join(tmpdir(), "operator-"));
let manager: ResourceManager;
let authority: string;
const azure = azureFrom(build());
beforeAll(async () => {
  const certificates = await CertificateAuthority.create();
  authority = certificates.certificate;
  manager = await ResourceManager.start({ azure, authority: new TokenAuthority(), certificates, folder });
});
afterAll(async () => {
  await manager.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** Signed in by the variables that azurerm takes, as the operator of a rehearsal is. */
function client(secret = manager.clientSecret, tls: { ca?: string } = { ca: authority }): ResourceManagerClient {
  const { origin } = manager;
  const environment = { ARM_TENANT_ID: TENANT, ARM_CLIENT_ID: TENANT, ARM_CLIENT_SECRET: secret };
  return new ResourceManagerClient({
    cloud: { resourceManager: origin, login: origin },
    credential: credentialFrom(environment, origin, tls),
    tls,
  });
}

const [pairing] = azure.aliases();
const failover = (of: string | undefined) =>
  `${of ?? ""}/disasterRecoveryConfigs/${pairing?.alias ?? ""}/failover?api-version=2024-01-01`;

test("a refusal is an error with Azure's words", async () => {
  await expect(client().request("POST", failover(pairing?.primaryId))).rejects.toThrow(
    /POST .*\/failover.* answered 400: .*must be initiated on the secondary namespace/,
  );
});

test("the same client of the same credential fails over where it is asked of the secondary", async () => {
  await client().request("POST", failover(pairing?.partnerId));
  expect(azure.pairing(pairing?.alias ?? "")).toMatchObject({
    primaryId: expect.stringMatching(new RegExp(`^${pairing?.partnerId ?? ""}$`, "i")) as string,
  });
  expect(azure.isPassive(pairing?.primaryId ?? "")).toBe(false);
});

test("another secret gets no token, and a server with an unknown certificate gets none", async () => {
  await expect(client("another").request("GET", failover(pairing?.primaryId))).rejects.toThrow(/AADSTS7000215/);
  await expect(client(undefined, {}).request("GET", failover(pairing?.primaryId))).rejects.toThrow();
});
