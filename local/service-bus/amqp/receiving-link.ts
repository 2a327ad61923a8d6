import type { Delivery, Sender } from "rhea";
import { turnsOf } from "../../outcome-turns";
import type { Changes } from "../entities/content";
import type { Receiver } from "../entities/ready-queue";
import type { Message } from "../entities/message";
import type { MessageQueue, Settlement } from "../entities/queue";
import { ServiceBusFault } from "../errors";
import type { Listening } from "./listening";
import { accepted, encodedValue, rejected } from "./values";
import { Credit } from "./rhea-server";
import { tagOf, tokenOf } from "./tags";

/** A receiver's outcome as rhea shows it. */
interface Outcome {
  readonly undeliverable_here?: boolean;
  readonly message_annotations?: Readonly<Record<string, unknown>>;
  readonly error?: { readonly condition?: string; readonly info?: Readonly<Record<string, unknown>> };
}

/** A client's receiver: takes messages of a queue and settles them. */
export class ReceivingLink implements Receiver {
  readonly mode: Receiver["mode"];
  private readonly remaining: Credit;
  private nextTag = 0;

  constructor(
    private readonly sender: Sender,
    private readonly queue: MessageQueue,
    listen: Listening,
    /** Where the link holds a session. */
    readonly sessionId?: string,
  ) {
    // sender-settle-mode 1: settled when sent.
    this.mode = sender.snd_settle_mode === 1 ? "receive-and-delete" : "peek-lock";
    this.remaining = new Credit(sender);
    listen(sender, "sender_flow", () => {
      this.moreWanted();
    });
    for (const outcome of ["accepted", "released", "rejected", "modified"] as const) {
      listen(sender, outcome, ({ delivery }) => {
        if (delivery) this.settled(delivery, outcome);
      });
    }
  }

  credit = (): number => this.remaining.available();

  deliver = (message: Message): void => {
    this.nextTag += 1;
    const tag = message.lock ? tagOf(message.lock.token) : Buffer.from(String(this.nextTag));
    const delivery = this.remaining.send(message.encoded(), tag);
    // A settled delivery would otherwise wait in rhea's ring for an answer that never comes.
    if (this.mode === "receive-and-delete") (delivery as { settled: boolean }).settled = true;
  };

  end = (reason: Error): void => {
    if (!(reason instanceof ServiceBusFault)) throw reason;
    this.detach();
    this.sender.close({ condition: reason.condition, description: reason.description });
  };

  /** The client is gone, or has closed the link. */
  detach(): void {
    if (this.sessionId === undefined) {
      this.queue.detach(this);
      return;
    }
    const released = this.queue.sessions.release(this.sessionId, this);
    if (!released) return;
    this.queue.releaseSession(this.sessionId, released.hasExpired);
    this.queue.sessions.offer(this.sessionId);
  }

  private moreWanted(): void {
    if (this.sessionId === undefined) this.queue.dispatch();
    else this.queue.sessions.dispatch(this.sessionId);
    if (this.remaining.askedBack()) {
      // After what was just handed out is written.
      process.nextTick(() => {
        this.remaining.giveBack();
      });
    }
  }

  private settled(delivery: Delivery, outcome: "accepted" | "released" | "rejected" | "modified"): void {
    let fault: ServiceBusFault | undefined;
    try {
      this.queue.settle(
        tokenOf(delivery.tag as unknown as Buffer),
        settlementOf(outcome, delivery.remote_state as unknown as Outcome),
      );
    } catch (error) {
      if (!(error instanceof ServiceBusFault)) throw error;
      fault = error;
    }
    turnsOf(this.sender.session).settle(fault === undefined, () => {
      delivery.update(true, fault ? rejected(fault) : accepted());
      (delivery as { remote_settled: boolean }).remote_settled = true;
    });
  }
}

function settlementOf(outcome: string, { undeliverable_here, message_annotations, error }: Outcome): Settlement {
  if (outcome === "accepted") return { outcome: "complete" };
  if (outcome === "rejected") {
    const { DeadLetterReason, DeadLetterErrorDescription, ...rest } = error?.info ?? {};
    return {
      outcome: "dead-letter",
      ...(typeof DeadLetterReason === "string" ? { reason: DeadLetterReason } : {}),
      ...(typeof DeadLetterErrorDescription === "string" ? { description: DeadLetterErrorDescription } : {}),
      changes: changesOf(rest),
    };
  }
  if (outcome === "released") return { outcome: "release" };
  return { outcome: undeliverable_here === true ? "defer" : "abandon", changes: changesOf(message_annotations ?? {}) };
}

/** What a receiver asks to change about a message it gives back. */
export function changesOf(properties: Readonly<Record<string, unknown>>): Changes | undefined {
  const entries = Object.entries(properties);
  if (entries.length === 0) return undefined;
  return { applicationProperties: new Map(entries.map(([name, value]) => [name, encodedValue(value)])) };
}
