import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import tls from "node:tls";
import { ServiceBusClient } from "@azure/service-bus";
import { buildApp } from "../../app";
import type { QueueDefinition, SubscriptionDefinition, TopicDefinition } from "../../local/azure/messaging";
import { Azure } from "../../local/azure/azure";
import { TokenAuthority } from "../../local/identity/tokens";
import { CertificateAuthority } from "../../local/names/certificates";
import { Broker, type BrokerProps } from "../../local/service-bus/broker";
import { EMPTY_PROCESS } from "../../local/empty-process/empty-process";
import { BUILD } from "../../packaging/bundle";
import { type Artifacts, packageFunctions, packageWith } from "../../packaging/package-functions";
import { readCdktfOut, type SynthesizedStack } from "../../synthesized/cdktf-out";
import type { Topology } from "../../topology/schema";
import { withoutStackTraces } from "../../without-stack-traces";
import { SUBSCRIPTION } from "./build";
import { topologyWith } from "./topologies";

const folder = mkdtempSync(join(tmpdir(), "locked-down-local-"));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

let count = 0;

/** A folder of a test's own. */
export function freshFolder(): string {
  count += 1;
  const fresh = join(folder, String(count));
  mkdirSync(fresh);
  return fresh;
}

/** Built once for a test file: bundling takes seconds. */
let artifacts: Artifacts | undefined;

/** The stacks with the real packages in them, as `npm run synth` writes them, but for the user's business logic. */
export function stacksWithPackages(topology: Topology = topologyWith()): SynthesizedStack[] {
  const outdir = join(freshFolder(), "cdktf.out");
  artifacts ??= {
    ...packageFunctions(),
    consumer: packageWith("consumer", EMPTY_PROCESS, join(BUILD, "empty-process")),
  };
  const built = artifacts;
  withoutStackTraces(() => {
    buildApp(topology, { artifacts: built, subscription: SUBSCRIPTION, outdir }).synth();
  });
  return readCdktfOut(outdir);
}

const QUEUE: QueueDefinition = {
  name: "queue1",
  status: "Active",
  lockDurationMs: 30_000,
  maxDeliveryCount: 3,
  maxSizeBytes: 10_485_760,
  maxMessageBytes: 1_048_576,
  timeToLiveMs: Infinity,
  deadLetterOnExpiration: true,
  requiresSession: false,
};

export function queue(settings: Partial<QueueDefinition> = {}): QueueDefinition {
  return { ...QUEUE, ...settings };
}

export function subscription(settings: Partial<SubscriptionDefinition> = {}): SubscriptionDefinition {
  return { ...QUEUE, name: "subscription1", deadLetterOnFilterError: true, rules: [], ...settings };
}

export function topic(settings: Partial<TopicDefinition> = {}): TopicDefinition {
  return {
    name: "topic1",
    status: "Active",
    maxSizeBytes: 10_485_760,
    maxMessageBytes: 1_048_576,
    timeToLiveMs: Infinity,
    subscriptions: [subscription()],
    ...settings,
  };
}

/** A paired primary and secondary, an identity that may send and one that may receive, and no apps. */
export function messagingOnly(queues: readonly QueueDefinition[], topics: readonly TopicDefinition[] = []): Azure {
  const azure = new Azure();
  for (const [name, location] of [
    ["primary", "eastus2"],
    ["secondary", "centralus"],
  ] as const) {
    azure.namespaces.put({ id: idOf(name), name, location });
    azure.roleAssignments.put({ principalId: "sender", role: "Azure Service Bus Data Sender", scope: idOf(name) });
    azure.roleAssignments.put({ principalId: "receiver", role: "Azure Service Bus Data Receiver", scope: idOf(name) });
  }
  azure.declareEntities(idOf("primary"), { queues, topics });
  azure.pair({ alias: "alias", primaryId: idOf("primary"), partnerId: idOf("secondary") });
  return azure;
}

export function idOf(namespace: string): string {
  return `/subscriptions/s/resourceGroups/g/providers/Microsoft.ServiceBus/namespaces/${namespace}`;
}

export interface BrokerUnderTest {
  readonly azure: Azure;
  readonly broker: Broker;
  readonly authority: TokenAuthority;
  /** A client of the unmodified SDK. @param who a principal: `sender` and `receiver` have that role, others what a test gives them @param host a namespace's name or the alias */
  client(who: string, host?: string, namespace?: string): ServiceBusClient;
  stop(): Promise<void>;
}

/** A broker, and clients that trust it. */
export async function brokerWith(
  azure: Azure,
  limits: Pick<BrokerProps, "tokenMs" | "idleMs"> = {},
): Promise<BrokerUnderTest> {
  const authority = new TokenAuthority();
  const certificates = await CertificateAuthority.create();
  trust(certificates.certificate);
  const broker = await Broker.start({ azure, authority, certificates, ...limits });
  const clients: ServiceBusClient[] = [];
  return {
    azure,
    broker,
    authority,
    client(who, host = "primary", namespace = host === "alias" ? "primary" : host) {
      const credential = {
        getToken: () => {
          const { token } = authority.issue({ principalId: who, clientId: who }, "https://servicebus.azure.net/");
          return Promise.resolve({ token, expiresOnTimestamp: Date.now() + 3_600_000 });
        },
      };
      const client = new ServiceBusClient(`${host}.servicebus.windows.net`, credential, {
        customEndpointAddress: `sb://localhost:${broker.port(namespace)}`,
        retryOptions: { maxRetries: 0, timeoutInMs: 3_000 },
      });
      clients.push(client);
      return client;
    },
    async stop() {
      await Promise.all(clients.map((client) => client.close().catch(() => undefined)));
      await broker.stop();
    },
  };
}

const trusted: string[] = [];
const tlsModule = tls as { createSecureContext: typeof tls.createSecureContext };
const newSecureContext = tls.createSecureContext;
// Node's own modules are one for all test files of a process.
afterAll(() => {
  tlsModule.createSecureContext = newSecureContext;
});

/** In a worker NODE_EXTRA_CA_CERTS does this; a test's own process has started already. */
export function trust(certificate: string): void {
  trusted.push(certificate);
  tlsModule.createSecureContext = (options) =>
    newSecureContext(options?.cert === undefined && options?.ca === undefined ? { ...options, ca: trusted } : options);
}
