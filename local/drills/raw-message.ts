import { randomBytes } from "node:crypto";
import { message } from "rhea";
import type { Target } from "../flow/destinations";
import type { Stage } from "../flow/stage";
import { Content } from "../service-bus/entities/content";

/** Puts a message into the primary past the producer, as somebody with the sender's role could: its body is whatever it is. */
export function sendRaw(stage: Stage, target: Target, id: string, body: string): void {
  const now = Date.now();
  stage.submissions.begin(id, target.name);
  stage.submissions.note(id, { began: now, at: now, outcome: "accepted" });
  const bytes = message.encode({
    message_id: id,
    body: message.data_section(Buffer.from(body)) as unknown,
    ...(target.requiresSession ? { group_id: randomBytes(4).toString("hex") } : {}),
  });
  stage.local.broker.entities(stage.primary.name).send(target.name, [Content.of(bytes)]);
}
