import { types } from "rhea";
import { Content, scheduledEnqueueTime } from "../entities/content";
import type { Message } from "../entities/message";
import type { NamespaceEntities } from "../entities/namespace";
import type { Settlement } from "../entities/queue";
import { ServiceBusFault } from "../errors";
import { changesOf } from "./receiving-link";
import { argument, optional, type Reply, type Request } from "./requests";
import { uuid, uuidBytes } from "./tags";

/** What a `$management` link may ask of an entity. */
export interface Managed {
  readonly entities: NamespaceEntities;
  readonly path: string;
  readonly demand: (action: "send" | "receive") => void;
}

type Operation = (managed: Managed, request: Request) => Reply;

const UUID_BYTES = 16;
const LONG_BYTES = 8;
const TIMESTAMP = 0x83;
const LONG = 0x81;

/**
 * The operations of `<entity>/$management` (learn.microsoft.com/azure/service-bus-messaging/service-bus-amqp-request-response). Rules of a
 * subscription are not managed here: they are the stacks'.
 */
const OPERATIONS: Readonly<Record<string, readonly ["send" | "receive", Operation]>> = {
  "com.microsoft:renew-lock": ["receive", renewLock],
  "com.microsoft:peek-message": ["receive", peek],
  "com.microsoft:schedule-message": ["send", schedule],
  "com.microsoft:cancel-scheduled-message": ["send", cancelScheduled],
  "com.microsoft:receive-by-sequence-number": ["receive", receiveBySequenceNumber],
  "com.microsoft:update-disposition": ["receive", updateDisposition],
  "com.microsoft:renew-session-lock": ["receive", renewSessionLock],
  "com.microsoft:get-session-state": ["receive", getSessionState],
  "com.microsoft:set-session-state": ["receive", setSessionState],
};

/** @throws ServiceBusFault */
export function manage(managed: Managed, request: Request): Reply {
  const [action, operation] = OPERATIONS[request.operation] ?? [];
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
  const session = optional(request, "session-id");
  const messages = entities
    .receivable(path)
    .peek(
      numberIn(request, "from-sequence-number", argument(request, "from-sequence-number")),
      numberIn(request, "message-count", argument(request, "message-count")),
      typeof session === "string" ? session : undefined,
    );
  if (messages.length === 0) return { status: 204, description: "No messages." };
  return { status: 200, body: { messages: listOf(messages, false) } };
}

function schedule({ entities, path }: Managed, request: Request): Reply {
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
    contents.map((content) =>
      (content.scheduledFor ?? 0) > due
        ? content
        : content.changed({ annotations: new Map([scheduledEnqueueTime(due + 10)]) }),
    ),
  );
  return { status: 200, body: { "sequence-numbers": types.wrap_array(sequences, LONG, undefined) } };
}

function cancelScheduled({ entities, path }: Managed, request: Request): Reply {
  entities.cancelScheduled(path, numbersIn(request, "sequence-numbers"));
  return { status: 200 };
}

function receiveBySequenceNumber({ entities, path }: Managed, request: Request): Reply {
  const settled = Number(optional(request, "receiver-settle-mode")) === 0;
  const messages = entities.receivable(path).receiveDeferred(numbersIn(request, "sequence-numbers"), {
    mode: settled ? "receive-and-delete" : "peek-lock",
  });
  return { status: 200, body: { messages: listOf(messages, true) } };
}

function updateDisposition({ entities, path }: Managed, request: Request): Reply {
  const queue = entities.receivable(path);
  const settlement = settlementIn(request);
  for (const token of tokensIn(request, "lock-tokens")) queue.settle(token, settlement);
  return { status: 200 };
}

function settlementIn(request: Request): Settlement {
  const status = String(argument(request, "disposition-status"));
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
  const until = entities.receivable(path).sessions.renew(String(argument(request, "session-id")));
  return { status: 200, body: { expiration: types.wrap_timestamp(until) } };
}

function getSessionState({ entities, path }: Managed, request: Request): Reply {
  const state = entities.receivable(path).sessions.stateOf(String(argument(request, "session-id")));
  return { status: 200, body: { "session-state": state === undefined ? null : types.wrap_binary(state) } };
}

function setSessionState({ entities, path }: Managed, request: Request): Reply {
  const state = optional(request, "session-state");
  const sessions = entities.receivable(path).sessions;
  sessions.setState(String(argument(request, "session-id")), Buffer.isBuffer(state) ? state : undefined);
  return { status: 200 };
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

/** rhea leaves a long that it thinks too large as its eight bytes. */
function numberIn(request: Request, name: string, value: unknown): number {
  if (Buffer.isBuffer(value) && value.length === LONG_BYTES) return Number(value.readBigInt64BE());
  if (typeof value !== "number") throw wrong(request, name, "a number");
  return value;
}

function stringIn(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}

function wrong({ operation }: Request, name: string, expected: string): ServiceBusFault {
  return new ServiceBusFault(
    "com.microsoft:argument-error",
    `The argument ${name} of ${operation} is not ${expected}.`,
  );
}
