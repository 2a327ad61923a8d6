import { setTimeout as pause } from "node:timers/promises";
import type { InvocationContext } from "@azure/functions";
import type { ServiceBusMessage } from "@azure/service-bus";
import type { Bus } from "../shared/bus";
import { PROPERTY } from "../shared/message-properties";
import { copyOf } from "./copy";
import type { Delivery } from "./delivery";
import type { ConsumerSource } from "./sources";
import type { Later } from "./verdicts";

const FIRST_DELAY_MS = 5_000;
const LONGEST_DELAY_MS = 300_000;
/** The first wait where the message itself has to wait; a delivery is used up by each. */
const FIRST_WAIT_MS = 1_000;
/** A function may run five minutes (`functionTimeout` in host.json). */
const LONGEST_WAIT_MS = 240_000;
/** What is left of a lock has to be enough to give the message back. Nothing is prefetched, so a lock is new when its call begins. */
const LOCK_MARGIN_MS = 2_000;
/** A copy that would live shorter is not worth making. */
const SHORTEST_LIFE_MS = 2_000;
/** Properties have 64 KB together, and the sender's may be 60,000 bytes. */
const LONGEST_REASON = 1_000;
const LARGE_BYTES = 1_000_000;

/** Messages of the app's own making. */
export interface Sending {
  /** Where they go. */
  readonly bus: Bus;
  /** The queue of refused messages. @default none */
  readonly refusedQueue?: string;
}

/** What became of a message that is not to be handled now. */
export type Deferred =
  /** A copy comes in its place: this one is done with. */
  | { readonly by: "copy"; readonly delayMs: number }
  /** It was held back as long as its lock allows: now it has to be delivered again. `error`: why there is no copy. */
  | { readonly by: "waiting"; readonly delayMs: number; readonly error?: Error };

/**
 * Puts a message off. On a queue without sessions a scheduled copy takes its place, and it may be completed once Service Bus has the copy. A copy of a
 * subscription's message would reach every subscription, and one of a session's would lose its order: there the message itself waits.
 */
export async function defer(
  source: ConsumerSource,
  body: Buffer,
  delivery: Delivery,
  context: InvocationContext,
  cause: Later,
  { bus }: Sending,
): Promise<Deferred> {
  const now = Date.now();
  let error: Error | undefined;
  const left = (delivery.expiresAt?.getTime() ?? Infinity) - now;
  if ("queue" in source && !source.requiresSession && left > SHORTEST_LIFE_MS) {
    const wanted = cause.delayMs ?? Math.min(FIRST_DELAY_MS * 2 ** delivery.deferrals, LONGEST_DELAY_MS);
    // Its time to live goes on: what expires is dead-lettered as the entity says, however often it is put off.
    const delayMs = Math.max(0, Math.min(wanted, left / 2));
    const n = delivery.deferrals + 1;
    const copy = copyOf(body, delivery, context, String(n));
    copy.applicationProperties[PROPERTY.deferrals] = n;
    const sent = await sendOne(bus, source.queue, {
      ...copy,
      scheduledEnqueueTimeUtc: new Date(now + delayMs),
      ...(isLong(left) ? {} : { timeToLive: left - delayMs }),
    });
    if (!sent.error) return { by: "copy", delayMs };
    ({ error } = sent);
  }
  const delayMs = waitMs(source.lockSeconds, delivery.deliveryCount, cause.delayMs);
  await pause(delayMs);
  return { by: "waiting", delayMs, ...(error ? { error } : {}) };
}

/** How long a message is held back at one of its deliveries, in milliseconds: as long as is wanted, and no longer than its lock. */
function waitMs(lockSeconds: number, deliveryCount: number, wanted = FIRST_WAIT_MS * 2 ** (deliveryCount - 1)): number {
  return Math.max(0, Math.min(wanted, lockSeconds * 1_000 - LOCK_MARGIN_MS, LONGEST_WAIT_MS));
}

/** How long something may be down before messages that are held back have used up their deliveries, in milliseconds. */
export function longestOutageMs(lockSeconds: number, maxDeliveryCount: number): number {
  let sum = 0;
  for (let delivery = 1; delivery <= maxDeliveryCount && sum < Number.MAX_SAFE_INTEGER; delivery += 1) {
    sum += waitMs(lockSeconds, delivery);
  }
  return sum;
}

/** Sets a message aside with the reason. Only where there is no error has Service Bus taken it, and may the message be completed. */
export async function refuse(
  body: Buffer,
  delivery: Delivery,
  context: InvocationContext,
  reason: string,
  { bus, refusedQueue }: Sending,
): Promise<{ error?: Error }> {
  if (refusedQueue === undefined) return { error: new Error("no queue of refused messages is declared") };
  const copy = copyOf(body, delivery, context, delivery.entity);
  copy.applicationProperties[PROPERTY.refusalReason] = reason.slice(0, LONGEST_REASON);
  copy.applicationProperties[PROPERTY.refusalSource] = delivery.entity;
  return await sendOne(bus, refusedQueue, copy);
}

async function sendOne(bus: Bus, queue: string, message: ServiceBusMessage): Promise<{ error?: Error }> {
  const size = Buffer.isBuffer(message.body) && message.body.length > LARGE_BYTES ? "large" : "usual";
  return await bus.through(
    queue,
    async (sender) => {
      try {
        await sender.sendMessages(message);
        return {};
      } catch (error) {
        return { error: error instanceof Error ? error : new Error(String(error)) };
      }
    },
    size,
  );
}

/** Longer than AMQP's 32 bits of milliseconds: the entity's own time to live is as good. */
function isLong(milliseconds: number): boolean {
  return milliseconds > 2 ** 32 - 1;
}
