import { types } from "rhea";
import { Content } from "../entities/content";
import type { Message } from "../entities/message";
import type { Settlement } from "../entities/settlement";
import type { Managed } from "./managed";
import { ServiceBusFault } from "../errors";
import { textFrom } from "./encoding";
import { changesOf, enlistSettlement } from "./receiving-link";
import { argument, countIn, numberIn, optional, type Reply, type Request, wrong } from "./requests";
import { addRule, enumerateRules, removeRule } from "./rules";
import { uuid, uuidBytes } from "./tags";

type Operation = (managed: Managed, request: Request) => Reply;

const UUID_BYTES = 16;
const TIMESTAMP = 0x83;
const STRING = 0xb1;
/** As a time of the last update it asks for the sessions that have messages: the last millisecond of the year 9999. */
const END_OF_TIME = 253_402_300_799_999;
/** learn.microsoft.com/azure/service-bus-messaging/batch-delete */
const MOST_DELETED = 4_000;
const LONG = 0x81;

/** The operations of `<entity>/$management` (learn.microsoft.com/azure/service-bus-messaging/service-bus-amqp-request-response). */
const OPERATIONS: ReadonlyMap<string, readonly ["send" | "receive", Operation]> = new Map(
  Object.entries({
    "com.microsoft:renew-lock": ["receive", renewLock] as const,
    "com.microsoft:peek-message": ["receive", peek] as const,
    "com.microsoft:schedule-message": ["send", schedule] as const,
    "com.microsoft:cancel-scheduled-message": ["send", cancelScheduled] as const,
    "com.microsoft:receive-by-sequence-number": ["receive", receiveBySequenceNumber] as const,
    "com.microsoft:update-disposition": ["receive", updateDisposition] as const,
    "com.microsoft:renew-session-lock": ["receive", renewSessionLock] as const,
    "com.microsoft:get-session-state": ["receive", getSessionState] as const,
    "com.microsoft:set-session-state": ["receive", setSessionState] as const,
    "com.microsoft:get-message-sessions": ["receive", getMessageSessions] as const,
    "com.microsoft:batch-delete-messages": ["receive", deleteMessages] as const,
    "com.microsoft:add-rule": ["receive", addRule] as const,
    "com.microsoft:remove-rule": ["receive", removeRule] as const,
    "com.microsoft:enumerate-rules": ["receive", enumerateRules] as const,
  }),
);

/** @throws ServiceBusFault */
export function manage(managed: Managed, request: Request): Reply {
  const [action, operation] = OPERATIONS.get(request.operation) ?? [];
  if (!action || !operation) {
    throw new ServiceBusFault("amqp:not-implemented", `The operation ${request.operation} is not supported.`);
  }
  managed.demand(action);
  return operation(managed, request);
}

function renewLock({ entities, path }: Managed, request: Request): Reply {
  const queue = entities.receivable(path);
  const until = tokensIn(request, "lock-tokens").map((token) => queue.renew(token));
  return { status: 200, body: { expirations: types.wrap_array(until, TIMESTAMP, undefined) } };
}

function peek({ entities, path }: Managed, request: Request): Reply {
  // A topic has no messages of its own to look at, and says so.
  if (entities.topic(path)) return { status: 204, description: "No messages." };
  const session = optional(request, "session-id");
  const messages = entities
    .receivable(path)
    .peek(
      numberIn(request, "from-sequence-number", argument(request, "from-sequence-number")),
      Math.max(1, countIn(request, "message-count", argument(request, "message-count"))),
      typeof session === "string" ? session : undefined,
    );
  if (messages.length === 0) return { status: 204, description: "No messages." };
  return { status: 200, body: { messages: listOf(messages, false) } };
}

function schedule({ entities, path, session, transaction }: Managed, request: Request): Reply {
  const contents = listIn(request, "messages").map((item) => {
    const { message } = (item ?? {}) as { message?: unknown };
    if (!Buffer.isBuffer(message)) throw wrong(request, "messages", "a list of messages");
    return Content.of(message);
  });
  for (const content of contents) {
    if (content.scheduledFor === undefined) {
      throw new ServiceBusFault("com.microsoft:argument-error", "A message to schedule has no time to enqueue it at.");
    }
  }
  // One that is due already is enqueued as a scheduled one a moment from now, so that it has a number to answer with.
  const due = Date.now() + 1;
  const sequences = entities.send(
    path,
    contents.map((content) => ((content.scheduledFor ?? 0) > due ? content : content.dueAt(due + 10))),
  );
  // Numbers are answered at once: what a rollback takes back is scheduled already.
  transaction?.enlist({
    entity: path,
    session,
    keys: [],
    check: () => undefined,
    rollBack: () => {
      for (const sequence of sequences) {
        // One that was due meanwhile is no longer scheduled, and stays.
        if (entities.isScheduled(path, sequence)) entities.cancelScheduled(path, [sequence]);
      }
    },
  });
  return { status: 200, body: { "sequence-numbers": types.wrap_array(sequences, LONG, undefined) } };
}

function cancelScheduled({ entities, path, session, transaction }: Managed, request: Request): Reply {
  const sequences = [...new Set(numbersIn(request, "sequence-numbers"))];
  const commit = () => {
    entities.cancelScheduled(path, sequences);
  };
  const check = () => {
    entities.demandScheduled(path, sequences);
  };
  const keys = sequences.map((sequence) => `cancel ${path} ${sequence}`);
  if (transaction) transaction.enlist({ entity: path, session, keys, check, commit });
  else commit();
  return { status: 200 };
}

function receiveBySequenceNumber({ entities, path }: Managed, request: Request): Reply {
  const settled = Number(optional(request, "receiver-settle-mode")) === 0;
  const messages = entities.receivable(path).receiveDeferred(numbersIn(request, "sequence-numbers"), {
    mode: settled ? "receive-and-delete" : "peek-lock",
  });
  return { status: 200, body: { messages: listOf(messages, true) } };
}

function updateDisposition({ entities, path, session, transaction }: Managed, request: Request): Reply {
  const queue = entities.receivable(path);
  const settlement = settlementIn(request);
  for (const token of tokensIn(request, "lock-tokens")) {
    if (transaction) enlistSettlement(transaction, { queue, session, token, settlement });
    else queue.settle(token, settlement);
  }
  return { status: 200 };
}

function settlementIn(request: Request): Settlement {
  const status = textFrom(argument(request, "disposition-status"));
  const changes = changesOf((optional(request, "properties-to-modify") ?? {}) as Record<string, unknown>);
  switch (status) {
    case "completed":
      return { outcome: "complete" };
    case "abandoned":
      return { outcome: "abandon", changes };
    case "defered":
      return { outcome: "defer", changes };
    case "suspended":
      return {
        outcome: "dead-letter",
        reason: stringIn(optional(request, "deadletter-reason")),
        description: stringIn(optional(request, "deadletter-description")),
        changes,
      };
    default:
      throw new ServiceBusFault("com.microsoft:argument-error", `${status} is no disposition.`);
  }
}

function renewSessionLock({ entities, path }: Managed, request: Request): Reply {
  const until = entities.receivable(path).sessions.renew(textFrom(argument(request, "session-id")));
  return { status: 200, body: { expiration: types.wrap_timestamp(until) } };
}

function getSessionState({ entities, path }: Managed, request: Request): Reply {
  const state = entities.receivable(path).sessions.stateOf(textFrom(argument(request, "session-id")));
  return { status: 200, body: { "session-state": state === undefined ? null : types.wrap_binary(state) } };
}

function setSessionState({ entities, path }: Managed, request: Request): Reply {
  const state = optional(request, "session-state");
  const sessions = entities.receivable(path).sessions;
  // A state of no bytes is none.
  const kept = Buffer.isBuffer(state) && state.length > 0 ? state : undefined;
  sessions.setState(textFrom(argument(request, "session-id")), kept);
  return { status: 200 };
}

function getMessageSessions({ entities, path }: Managed, request: Request): Reply {
  const updatedAfter = timeIn(request, "last-updated-time");
  const skip = countIn(request, "skip", argument(request, "skip"));
  const top = countIn(request, "top", argument(request, "top"));
  const queue = entities.receivable(path);
  const ids = updatedAfter >= END_OF_TIME ? queue.sessionsWithMessages() : queue.sessions.updatedAfter(updatedAfter);
  const page = ids.slice(skip, skip + top);
  if (page.length === 0) return { status: 204, description: "No sessions." };
  return { status: 200, body: { skip: skip + page.length, "sessions-ids": types.wrap_array(page, STRING, undefined) } };
}

function deleteMessages({ entities, path }: Managed, request: Request): Reply {
  const count = numberIn(request, "message-count", argument(request, "message-count"));
  if (count < 1 || count > MOST_DELETED) {
    throw new ServiceBusFault(
      "com.microsoft:argument-out-of-range",
      `The argument message-count of ${request.operation} is ${count}: it is 1 to ${MOST_DELETED}.`,
    );
  }
  const deleted = entities.receivable(path).deleteOldest(count, timeIn(request, "enqueued-time-utc"));
  if (deleted === 0) return { status: 204, description: "No messages." };
  return { status: 200, body: { "message-count": types.wrap_int(deleted) } };
}

function listOf(messages: readonly Message[], withToken: boolean): object[] {
  return messages.map((message) => ({
    message: types.wrap_binary(message.encoded()),
    ...(withToken && message.lock ? { "lock-token": types.wrap_uuid(uuidBytes(message.lock.token)) } : {}),
  }));
}

function tokensIn(request: Request, name: string): string[] {
  return listIn(request, name).map((token) => {
    if (!Buffer.isBuffer(token) || token.length !== UUID_BYTES) throw wrong(request, name, "a list of lock tokens");
    return uuid(token);
  });
}

function numbersIn(request: Request, name: string): number[] {
  return listIn(request, name).map((value) => numberIn(request, name, value));
}

function listIn(request: Request, name: string): readonly unknown[] {
  const value = argument(request, name);
  if (!Array.isArray(value)) throw wrong(request, name, "a list");
  return value;
}

/** In milliseconds since the epoch. */
function timeIn(request: Request, name: string): number {
  const value = argument(request, name);
  return value instanceof Date ? value.getTime() : numberIn(request, name, value);
}

function stringIn(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}
