import { setTimeout as pause } from "node:timers/promises";
import { randomBytes } from "node:crypto";
import type { PostedMessages } from "./posted";

/** A message to post: its id, and what else is in it. */
export interface Outgoing {
  readonly id: string;
  readonly [field: string]: unknown;
}

export interface ClientProps {
  /** The producer's URL. A function, because a client may turn to another region. */
  readonly url: () => string;
  readonly posted: PostedMessages;
  /** After that long without a 202 it gives up, in milliseconds. */
  readonly giveUpMs: number;
  /** The longest it waits after a 503, instead of a longer Retry-After: a drill's failover takes seconds, not minutes. */
  readonly longestWaitMs: number;
  /** What Entra would have given it, where the producer asks for a token. */
  readonly token?: string;
}

/** An HTTP client gives up on an answer some time. */
const ANSWER_MS = 60_000;

interface Answer {
  readonly ids?: readonly string[];
  readonly sent?: readonly string[];
}

/** A producer's client as it should be: it posts with ids of its own, and after anything but an answer it posts again with the same ids. */
export class Client {
  constructor(private readonly props: ClientProps) {}

  /**
   * Posts a batch until all of it is accepted or refused, or until it gives up.
   *
   * @param byKey with the id of its one message as Idempotency-Key, and nowhere else
   */
  async post(entity: string, messages: readonly Outgoing[], byKey = false): Promise<void> {
    const { posted, giveUpMs, longestWaitMs } = this.props;
    for (const { id } of messages) posted.begin(id, entity);
    const until = Date.now() + giveUpMs;
    // One operation from the first post to the last.
    const traceParent = `00-${randomBytes(16).toString("hex")}-${randomBytes(8).toString("hex")}-01`;
    let open = messages;
    while (open.length > 0 && Date.now() < until) {
      const { confirmed, retryAfterMs } = await this.attempt(entity, open, traceParent, byKey);
      open = open.filter(({ id }) => !confirmed.has(id));
      if (open.length > 0) await pause(Math.min(retryAfterMs, longestWaitMs));
    }
  }

  private async attempt(
    entity: string,
    messages: readonly Outgoing[],
    traceparent: string,
    byKey: boolean,
  ): Promise<{ confirmed: ReadonlySet<string>; retryAfterMs: number }> {
    const { posted, url, token } = this.props;
    const ids = messages.map(({ id }) => id);
    const began = Date.now();
    let response: Response;
    let answer: Answer;
    try {
      response = await fetch(`${url()}/api/messages/${entity}`, {
        method: "POST",
        headers: {
          "content-type": "application/json",
          traceparent,
          ...(byKey ? { "idempotency-key": ids.join() } : {}),
          ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        },
        body: JSON.stringify(byKey ? withoutId(messages[0]) : messages),
        signal: AbortSignal.timeout(ANSWER_MS),
      });
      const text = await response.text();
      answer = text.startsWith("{") ? (JSON.parse(text) as Answer) : {};
    } catch {
      for (const id of ids) posted.note(id, { began, at: Date.now(), outcome: "unconfirmed" });
      return { confirmed: new Set(), retryAfterMs: 250 };
    }
    const { status } = response;
    const at = Date.now();
    const accepted = new Set(status === 202 ? answer.ids : status === 503 ? (answer.sent ?? []) : []);
    const refused = status >= 400 && status < 500;
    for (const id of ids) {
      posted.note(id, {
        began,
        at,
        status,
        outcome: accepted.has(id) ? "accepted" : refused ? "refused" : "unconfirmed",
      });
    }
    const seconds = Number(response.headers.get("retry-after") ?? "0.25");
    return { confirmed: refused ? new Set(ids) : accepted, retryAfterMs: seconds * 1000 };
  }
}

function withoutId(message: Outgoing | undefined): object {
  const { id: _id, ...rest } = message ?? { id: "" };
  return rest;
}
