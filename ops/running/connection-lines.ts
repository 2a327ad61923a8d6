import type { SendableEntity } from "../../local/flow/destinations";
import type { MessageFlow } from "../../local/flow/message-flow";
import type { LocalAzure } from "../../local/local-azure";
import { TENANT } from "../../local/resource-manager/resource-manager";
import { serviceBusHost } from "../../topology/names";
import type { Client } from "./client";

/** How to connect to what runs: URLs, ports, a curl command, and a client of the user's own. */
export function connectionLines(
  local: LocalAzure,
  flow: MessageFlow,
  client: Client,
  entity: SendableEntity | undefined,
): string[] {
  const { host, azure, broker, resourceManager, authorityPath } = local;
  return [
    ...host.apps.map((running) => `  ${running.app.name}  ${running.url}`),
    ...azure.namespaces
      .all()
      .map(({ name }) => `  ${serviceBusHost(name)}  localhost:${broker.port(name)} (AMQP over TLS)`),
    `  Resource Manager  ${resourceManager.origin}, tenant ${TENANT}, subscription ${flow.primary.id.split("/")[2] ?? ""}; client secret ${resourceManager.clientSecret}`,
    `  certificate authority  ${authorityPath}`,
    `  logs  ${host.logs}`,
    "",
    ...curlLines(flow, entity),
    "A client of your own, in another terminal. It has the role Azure Service Bus Data Owner:",
    "",
    ...Object.entries(client.environment).map(([name, value]) => `  export ${name}='${value}'`),
    "",
    ...nodeLines(local, flow).map((line) => `  ${line}`),
  ];
}

function curlLines(flow: MessageFlow, entity: SendableEntity | undefined): string[] {
  if (!entity) return [];
  const producer = flow.apps.producer(flow.primary.location);
  const body = JSON.stringify({ hello: "world", ...(entity.requiresSession ? { sessionId: "session-1" } : {}) });
  const token = flow.posting.tokenFor(producer.app);
  const authorization = token === undefined ? "" : ` -H 'authorization: Bearer ${token}'`;
  return [
    `  curl -i ${producer.url}/api/messages/${entity.name} -H 'content-type: application/json'${authorization} -d '${body}'`,
    "",
  ];
}

/** A program for Node that peeks: its name says where the namespace is, its address where it is on this machine. */
function nodeLines({ broker }: LocalAzure, { primary, observing }: MessageFlow): string[] {
  const [taken] = observing.taken(primary.name);
  const [first = "", second] = (taken?.source ?? "queue1").split("/");
  const receiver = second === undefined ? JSON.stringify(first) : `${JSON.stringify(first)}, ${JSON.stringify(second)}`;
  return [
    "node <<'END'",
    'const { ServiceBusClient } = require("@azure/service-bus");',
    'const { ManagedIdentityCredential } = require("@azure/identity");',
    "const credential = new ManagedIdentityCredential({ clientId: process.env.AZURE_CLIENT_ID });",
    `const client = new ServiceBusClient("${serviceBusHost(primary.name)}", credential, {`,
    `  customEndpointAddress: "sb://localhost:${broker.port(primary.name)}",`,
    "});",
    `client.createReceiver(${receiver}).peekMessages(10).then(console.log).finally(() => client.close());`,
    "END",
  ];
}
