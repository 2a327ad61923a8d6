import type { SendableEntity } from "../../local/flow/destinations";
import type { MessageFlow } from "../../local/flow/message-flow";
import type { LocalAzure } from "../../local/local-azure";
import { TENANT } from "../../local/resource-manager/resource-manager";
import { serviceBusHost } from "../../topology/names";
import type { Client } from "./client";
import { type Language, recipe } from "./recipes";

/** How to connect to what runs: URLs, ports, a curl command, and a client of the user's own. */
export function connectionLines(
  local: LocalAzure,
  flow: MessageFlow,
  client: Client,
  entity: SendableEntity | undefined,
  language: Language = "node",
): string[] {
  const { host, azure, broker, resourceManager, authorityPath } = local;
  return [
    ...host.apps.map((running) => `  ${running.app.name}  ${running.url}`),
    ...azure.namespaces
      .all()
      .flatMap(({ name }) => [
        `  ${serviceBusHost(name)}  localhost:${broker.port(name)} (AMQP over TLS)`,
        `  ${serviceBusHost(name)}:443  https://localhost:${broker.webPort(name)} (AMQP over WebSocket, management API)`,
      ]),
    `  Resource Manager  ${resourceManager.origin}, tenant ${TENANT}, subscription ${flow.primary.id.split("/")[2] ?? ""}; client secret ${resourceManager.clientSecret}`,
    `  certificate authority  ${authorityPath}`,
    `  logs  ${host.logs}`,
    "",
    ...curlLines(flow, entity),
    "A client of your own, in another terminal. It has the role Azure Service Bus Data Owner:",
    "",
    ...Object.entries(variables(local, flow, client)).map(([name, value]) => `  export ${name}='${value}'`),
    "",
    ...recipe(language).map((line) => `  ${line}`),
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

/** Where a client of the user's own finds what it peeks at: the name says where the namespace is, the address where it is on this machine. */
function variables(
  { broker }: LocalAzure,
  { primary, observing }: MessageFlow,
  client: Client,
): Record<string, string> {
  const [taken] = observing.taken(primary.name);
  return {
    ...client.environment,
    SERVICE_BUS_HOST: serviceBusHost(primary.name),
    SERVICE_BUS_ADDRESS: `sb://localhost:${broker.port(primary.name)}`,
    SERVICE_BUS_ENTITY: taken?.source ?? "queue1",
  };
}
