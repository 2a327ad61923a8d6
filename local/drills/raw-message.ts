import { randomBytes } from "node:crypto";
import { message } from "rhea";
import type { SendableEntity } from "../flow/destinations";
import type { MessageFlow } from "../flow/message-flow";
import { Content } from "../service-bus/entities/content";

/** Puts a message into the primary past the producer, as a sender with the role could: its body can be anything. */
export function sendRaw(flow: MessageFlow, entity: SendableEntity, id: string, body: string): void {
  const now = Date.now();
  flow.posting.posted.begin(id, entity.name);
  flow.posting.posted.note(id, { began: now, at: now, outcome: "accepted" });
  const bytes = message.encode({
    message_id: id,
    body: message.data_section(Buffer.from(body)) as unknown,
    ...(entity.requiresSession ? { group_id: randomBytes(4).toString("hex") } : {}),
  });
  flow.local.broker.entities(flow.primary.name).send(entity.name, [Content.of(bytes)]);
}
