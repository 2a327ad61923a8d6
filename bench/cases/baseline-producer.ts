import { app, type InvocationContext } from "@azure/functions";
import { ManagedIdentityCredential } from "@azure/identity";
import { ServiceBusClient, type ServiceBusMessage, type ServiceBusSender } from "@azure/service-bus";
import { PROPERTY, writtenIds } from "../../functions/shared/message-properties";
import { CONNECTION } from "../../functions/shared/settings";
import { DIAGNOSTIC_ID, parseTraceParent } from "../../functions/shared/trace";

/**
 * What a producer costs that only parses and sends: no checks, no log, no telemetry. `?with=properties` sends the messages that the producer would send,
 * `?with=properties,log` also writes the line that it would write: so the bench shows what each of the two costs by itself.
 */
const { [`${CONNECTION}__fullyQualifiedNamespace`]: host = "", [`${CONNECTION}__clientId`]: clientId = "" } =
  process.env;
const client = new ServiceBusClient(host, new ManagedIdentityCredential({ clientId }));
const senders = new Map<string, ServiceBusSender>();

interface Item {
  readonly id: string;
}

app.http("messages", {
  methods: ["POST"],
  route: "messages/{entity}",
  authLevel: "anonymous",
  handler: async (request, context) => {
    const entity = request.params.entity ?? "";
    const sender = senders.get(entity) ?? client.createSender(entity);
    senders.set(entity, sender);
    const text = await request.text();
    const also = request.query.get("with")?.split(",") ?? [];
    const messageOf = also.includes("properties") ? propertiesUnder(context) : plain;
    const lines = request.headers.get("content-type")?.includes("ndjson") === true;
    const parsed = (lines ? text.split("\n").filter(Boolean).map(parse) : JSON.parse(text)) as Item | Item[];
    const ids = Array.isArray(parsed) ? parsed.map(({ id }) => id) : [parsed.id];
    if (Array.isArray(parsed)) {
      const batch = await sender.createMessageBatch();
      for (const body of parsed) batch.tryAddMessage(messageOf(body));
      await sender.sendMessages(batch);
    } else await sender.sendMessages(messageOf(parsed));
    if (also.includes("log")) {
      context.log(JSON.stringify({ event: "accepted", entity, count: ids.length, messageIds: ids }));
    }
    return { status: 202, jsonBody: { ids } };
  },
});

function plain(body: Item): ServiceBusMessage {
  return { messageId: body.id, body, contentType: "application/json" };
}

function propertiesUnder({ traceContext }: InvocationContext): (body: Item) => ServiceBusMessage {
  const traceParent = traceContext?.traceParent ?? "";
  const correlationId = parseTraceParent(traceParent)?.traceId ?? "";
  return (body) => ({
    ...plain(body),
    correlationId,
    applicationProperties: {
      [PROPERTY.ids]: writtenIds({ messageId: body.id, correlationId }),
      [DIAGNOSTIC_ID]: traceParent,
    },
  });
}

function parse(line: string): unknown {
  return JSON.parse(line);
}
