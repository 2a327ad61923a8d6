import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Azure } from "../../local/azure/azure";
import { IdentityEndpoint } from "../../local/identity/identity-endpoint";
import { TokenAuthority } from "../../local/identity/tokens";
import { CertificateAuthority } from "../../local/names/certificates";
import { ResourceManager } from "../../local/resource-manager/resource-manager";
import { Broker } from "../../local/service-bus/broker";
import { idOf, queue, subscription, topic } from "../support/local";
import type { ClientLanguage } from "./capabilities";

/** A namespace with the entities of one client, whose identity owns it. */
export class LocalBus {
  private constructor(
    /** What the client is told. */
    readonly variables: Readonly<Record<string, string>>,
    private readonly services: readonly { stop(): Promise<void> }[],
    private readonly failuresOf: () => readonly Error[],
  ) {}

  static async start(language: ClientLanguage): Promise<LocalBus> {
    const folder = mkdtempSync(join(tmpdir(), "locked-down-bus-"));
    const azure = new Azure();
    azure.namespaces.put({ id: idOf("primary"), name: "primary", location: "eastus2" });
    azure.roleAssignments.put({ principalId: "client", role: "Azure Service Bus Data Owner", scope: idOf("primary") });
    azure.declareEntities(idOf("primary"), {
      queues: [
        queue({ name: language }),
        queue({ name: `${language}-sessions`, requiresSession: true }),
        queue({ name: `${language}-forwarding`, forwardTo: language }),
      ],
      topics: [topic({ name: `${language}-topic`, subscriptions: [subscription({ name: "all" })] })],
    });
    const authority = new TokenAuthority();
    const certificates = await CertificateAuthority.create();
    const file = join(folder, "certificate-authority.pem");
    writeFileSync(file, certificates.certificate);
    const broker = await Broker.start({ azure, authority, certificates });
    const manager = await ResourceManager.start({ azure, authority, certificates, folder });
    broker.manage = (request) => manager.handle(request);
    // Not one of the design's: Resource Manager does not show it.
    azure.identities.put({ id: "/client", clientId: "client", principalId: "client" });
    const identity = await IdentityEndpoint.start(azure, authority);
    const variables = {
      ...identity.environmentFor({ identityIds: ["/client"] }),
      AZURE_CLIENT_ID: "client",
      CA_FILE: file,
      NODE_EXTRA_CA_CERTS: file,
      SERVICE_BUS_HOST: "primary.servicebus.windows.net",
      SERVICE_BUS_ADDRESS: `sb://localhost:${broker.port("primary")}`,
      SERVICE_BUS_WEB: `https://localhost:${broker.webPort("primary")}`,
    };
    const failures = () => [...broker.failures, ...manager.failures];
    return new LocalBus(variables, [identity, manager, broker], failures);
  }

  /** Errors of its own, which no client caused. */
  get failures(): readonly Error[] {
    return this.failuresOf();
  }

  async stop(): Promise<void> {
    for (const service of this.services) await service.stop();
  }
}
