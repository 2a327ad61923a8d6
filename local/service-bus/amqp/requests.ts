import { type Connection, message as codec, type Sender, types } from "rhea";
import { ServiceBusFault, STATUS } from "../errors";
import { addressOf } from "./addresses";
import { MalformedAmqp, textFrom } from "./encoding";
import { faultOf } from "./sending-link";
import { amqpError } from "./values";

/** A request as `$cbs` and `$management` get it. */
export interface Request {
  readonly operation: string;
  readonly properties: Readonly<Record<string, unknown>>;
  readonly body: unknown;
}

/** What is answered: a status, and what goes with it. */
export interface Reply {
  readonly status: number;
  readonly description?: string;
  readonly body?: object;
}

interface Decoded {
  readonly message_id?: unknown;
  readonly correlation_id?: unknown;
  readonly reply_to?: string;
  readonly application_properties?: Readonly<Record<string, unknown>>;
  readonly body?: unknown;
}

/** @throws MalformedAmqp */
function decoded(bytes: Buffer): Decoded {
  try {
    return codec.decode(bytes) as unknown as Decoded;
  } catch (error) {
    throw new MalformedAmqp(`a request is no message: ${String(error)}`);
  }
}

/** The links that requests are answered on, by their names, their targets and their nodes. */
export class ReplyLinks {
  private readonly links = new WeakMap<Connection, Map<string, Sender>>();

  add(link: Sender, node: string): void {
    const known = this.links.get(link.connection) ?? new Map<string, Sender>();
    this.links.set(link.connection, known);
    known.set(link.name, link);
    known.set(nodeKey(node), link);
    const target = addressOf(link.target);
    if (target !== "") known.set(target, link);
  }

  remove(link: Sender): void {
    const known = this.links.get(link.connection);
    for (const [key, candidate] of known ?? []) if (candidate === link) known?.delete(key);
  }

  /**
   * Answers a request, with the error where there is one. `$cbs` and `$management` spell their answers differently.
   *
   * @param node where the request came in: without a reply-to it is answered on the link from there
   */
  answer(connection: Connection, bytes: Buffer, node: string, handle: (request: Request) => Reply): void {
    const request = decoded(bytes);
    const known = this.links.get(connection);
    const link = known?.get(request.reply_to ?? nodeKey(node)) ?? known?.get(addressOf({ address: request.reply_to }));
    if (!link) return;
    // A client that takes no answers may not fill the session with them.
    if ((link.session as unknown as { outgoing: { available(): number } }).outgoing.available() === 0) {
      link.close(
        amqpError(new ServiceBusFault("amqp:resource-limit-exceeded", "The link has no credit for its answers.")),
      );
      return;
    }
    const reply = replyTo(request, handle);
    link.send({
      correlation_id: idIn(request.correlation_id ?? request.message_id) as string,
      application_properties:
        node === "$cbs"
          ? {
              "status-code": types.wrap_int(reply.status),
              "status-description": reply.description ?? "Accepted",
            }
          : {
              statusCode: types.wrap_int(reply.status),
              statusDescription: reply.description ?? "OK",
              ...(reply.condition === undefined ? {} : { errorCondition: types.wrap_symbol(reply.condition) }),
            },
      body: reply.body ?? {},
    });
  }
}

/** An id that can be written again. */
function idIn(value: unknown): unknown {
  return typeof value === "string" || typeof value === "number" || Buffer.isBuffer(value) ? value : undefined;
}

function nodeKey(node: string): string {
  return `from ${node}`;
}

function replyTo(request: Decoded, handle: (request: Request) => Reply): Reply & { condition?: string } {
  const properties = request.application_properties ?? {};
  try {
    return handle({ operation: textFrom(properties.operation), properties, body: request.body });
  } catch (error) {
    const { condition, description } = faultOf(error);
    return { status: STATUS[condition], description, condition };
  }
}

/** @throws ServiceBusFault */
export function argument(request: Request, name: string): unknown {
  const { body } = request;
  const value = typeof body === "object" && body !== null ? (body as Record<string, unknown>)[name] : undefined;
  if (value === undefined || value === null) {
    throw new ServiceBusFault("com.microsoft:argument-error", `The operation ${request.operation} needs ${name}.`);
  }
  return value;
}

/** An argument that need not be there. */
export function optional(request: Request, name: string): unknown {
  const { body } = request;
  return typeof body === "object" && body !== null ? (body as Record<string, unknown>)[name] : undefined;
}

/** rhea leaves a long that it thinks too large as its eight bytes. */
export function numberIn(request: Request, name: string, value: unknown): number {
  if (Buffer.isBuffer(value) && value.length === 8) return Number(value.readBigInt64BE());
  if (typeof value !== "number" || !Number.isSafeInteger(value)) throw wrong(request, name, "a whole number");
  return value;
}

export function wrong({ operation }: Request, name: string, expected: string): ServiceBusFault {
  return new ServiceBusFault(
    "com.microsoft:argument-error",
    `The argument ${name} of ${operation} is not ${expected}.`,
  );
}

/** A number that counts. @throws ServiceBusFault */
export function countIn(request: Request, name: string, value: unknown): number {
  const count = numberIn(request, name, value);
  if (count < 0) throw wrong(request, name, "a number from 0 on");
  return count;
}
