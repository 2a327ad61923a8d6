import { app } from "@azure/functions";
import { ManagedIdentityCredential } from "@azure/identity";
import { ServiceBusClient, type ServiceBusSender } from "@azure/service-bus";
import { CONNECTION } from "../../functions/shared/settings";

/** What a producer costs that only parses and sends: no checks, no log, no telemetry. */
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
  handler: async (request) => {
    const entity = request.params.entity ?? "";
    const sender = senders.get(entity) ?? client.createSender(entity);
    senders.set(entity, sender);
    const text = await request.text();
    const lines = request.headers.get("content-type")?.includes("ndjson") === true;
    const parsed = (lines ? text.split("\n").filter(Boolean).map(parse) : JSON.parse(text)) as Item | Item[];
    if (!Array.isArray(parsed)) {
      await sender.sendMessages({ messageId: parsed.id, body: parsed, contentType: "application/json" });
      return { status: 202, jsonBody: { ids: [parsed.id] } };
    }
    const batch = await sender.createMessageBatch();
    for (const body of parsed) batch.tryAddMessage({ messageId: body.id, body, contentType: "application/json" });
    await sender.sendMessages(batch);
    return { status: 202, jsonBody: { ids: parsed.map(({ id }) => id) } };
  },
});

function parse(line: string): unknown {
  return JSON.parse(line);
}
