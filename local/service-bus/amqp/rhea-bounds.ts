import rhea, { type Receiver, type Session } from "rhea";
import { MalformedAmqp } from "./encoding";

/** The largest frame that is taken, whichever size was agreed on. */
export const LARGEST_FRAME = 1_048_576;
/** What a link without a limit of its own takes: tokens, and requests to the management node. */
const REQUEST_BYTES = 1_048_576;
/** Elements of no width take no bytes: without a bound a small frame could claim four billion of them. */
const MOST_ELEMENTS = 65_536;

interface Reader {
  readonly buffer: Buffer;
  readonly position: number;
  /** How many elements the arrays of the frame claim. */
  claimed?: number;
}
type ReadItems = (this: Reader, count: number, type: { readonly width: number }) => unknown[];

interface Transport {
  peek_size(buffer: Buffer): number | undefined;
}

interface Disposition {
  first: number;
  last?: number;
}

interface Frame {
  payload?: Buffer;
  readonly performative: { readonly more?: boolean };
}

interface Directions {
  readonly outgoing: { on_disposition(fields: Disposition): void };
  readonly incoming: { on_disposition(fields: Disposition): void; on_transfer(frame: Frame, receiver: Receiver): void };
}

/** Bounds what rhea reads, before anything is allocated for it. It holds for every connection of the process, and is done once. */
export function boundReading(): void {
  if (isBounded) return;
  isBounded = true;
  boundArrays();
  boundFrames();
}

let isBounded = false;

/** An array of more elements than its frame can hold is refused. */
function boundArrays(): void {
  const { prototype } = (rhea.types as unknown as { Reader: { prototype: { read_array_items: ReadItems } } }).Reader;
  const readItems = prototype.read_array_items;
  prototype.read_array_items = function (count, type) {
    this.claimed = (this.claimed ?? 0) + count;
    const most = type.width === 0 ? MOST_ELEMENTS : this.buffer.length - this.position;
    if (count > most || this.claimed > this.buffer.length + MOST_ELEMENTS)
      throw new MalformedAmqp(`Arrays claim ${this.claimed} elements, more than their frame holds.`);
    return readItems.call(this, count, type);
  };
}

/** A frame that claims more than the largest is refused: rhea would wait for all of it, and keep what comes. */
function boundFrames(): void {
  const { amqp_transport: transport } = rhea.create_connection({ port: 0 }) as unknown as { amqp_transport: object };
  const prototype = Object.getPrototypeOf(transport) as Transport;
  // eslint-disable-next-line @typescript-eslint/unbound-method -- it is called with the transport that it is asked of
  const { peek_size: peekSize } = prototype;
  prototype.peek_size = function (buffer) {
    const size = peekSize.call(this, buffer);
    if (size !== undefined && size > LARGEST_FRAME)
      throw new MalformedAmqp(`A frame of ${size} bytes is announced; ${LARGEST_FRAME} is the most.`);
    return size;
  };
}

/** Makes a session look at as many deliveries of a disposition as it can have, and keep no more of a message than its link takes. @param unsettled as many as can be unsettled */
export function boundSession(session: Session, unsettled: number): void {
  const { outgoing, incoming } = session as unknown as Directions;
  for (const direction of [outgoing, incoming]) {
    const onDisposition = direction.on_disposition.bind(direction);
    direction.on_disposition = (fields) => {
      const last = fields.last ?? fields.first;
      if (!isSequence(fields.first) || !isSequence(last)) throw new MalformedAmqp("A disposition is of no deliveries.");
      // Older ones are settled long since, and forgotten. A performative's fields are its prototype's: they are kept.
      const first = { value: Math.max(fields.first, last - unsettled), enumerable: true };
      onDisposition(Object.create(fields, { first, last: { value: last, enumerable: true } }) as Disposition);
    };
  }
  const received = new WeakMap<Receiver, number>();
  const onTransfer = incoming.on_transfer.bind(incoming);
  incoming.on_transfer = (frame, receiver) => {
    const total = (received.get(receiver) ?? 0) + (frame.payload?.length ?? 0);
    received.set(receiver, frame.performative.more ? total : 0);
    const limit = limitOf(receiver);
    // One frame beyond the limit is kept, so that the whole is refused in the words for a message that is too large.
    if (total > limit + LARGEST_FRAME) giveUp(frame, receiver, limit);
    onTransfer(frame, receiver);
  };
}

/** A number of a delivery (OASIS AMQP 1.0, part 2.8.10). */
function isSequence(value: unknown): value is number {
  return Number.isInteger(value) && Number(value) >= 0 && Number(value) <= 0xffff_ffff;
}

/** Drops the link as Azure does, and keeps nothing of what goes on coming. */
function giveUp(frame: Frame, receiver: Receiver, limit: number): void {
  frame.payload = Buffer.alloc(0);
  const { _incomplete: message } = receiver as unknown as { _incomplete?: { frames: Buffer[] } };
  if (message) message.frames = [];
  if (receiver.is_closed()) return;
  receiver.close({
    condition: "amqp:link:message-size-exceeded",
    description: `The received message exceeds the limit (${limit} bytes) currently allowed on the link.`,
  });
}

function limitOf(receiver: Receiver): number {
  const { attach } = (receiver as unknown as { local: { attach: { max_message_size?: number } } }).local;
  return attach.max_message_size ?? REQUEST_BYTES;
}
