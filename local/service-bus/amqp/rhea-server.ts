import { message, type Receiver, type Sender, type Session, type Typed, types } from "rhea";
import { MalformedAmqp } from "./encoding";
import { encodedValue } from "./values";

/**
 * What the broker needs of rhea 3.0.5 beyond its typings, and what rhea's server side does otherwise than the standard. rhea is a client's
 * library first. Each correction is where rhea would make it, so that it can go when rhea does it.
 */

/** A transfer's fields. */
interface Transfer {
  message_format?: number;
  readonly delivery_id?: number;
  readonly aborted?: boolean;
}

interface Frame<Performative> {
  readonly performative: Performative;
  payload?: Buffer;
}

/** A delivery of either direction. */
interface Settled {
  readonly id: number;
  readonly link: Link;
  settled: boolean;
  readonly remote_settled: boolean;
  state?: Typed;
}

/** rhea's ring of deliveries, as far as a session uses it. */
interface Deliveries {
  readonly size: number;
  readonly available: () => number;
  readonly push: (delivery: Settled) => void;
  readonly by_id: (id: number) => Settled | undefined;
  readonly pop_if: (isDone: (delivery: Settled) => boolean) => void;
}

interface Direction {
  deliveries: Deliveries;
  pending_dispositions?: Settled[];
  updated: Settled[];
  update: (delivery: Settled, settled: boolean, state?: Typed) => void;
  process: (session: Session) => void;
}

interface Incoming extends Direction {
  next_delivery_id?: number;
  next_transfer_id: number;
  on_transfer: (frame: Frame<Transfer>, receiver: ReceiverInternals) => void;
}

interface SessionInternals {
  create_sender: (name: string, options?: object) => Sender;
  readonly outgoing: Direction;
  readonly incoming: Incoming;
  readonly remote: { readonly handles: Readonly<Record<number, Link | undefined>> };
  on_flow: (frame: Frame<{ readonly handle?: number; readonly echo?: boolean }>) => void;
}

interface Link {
  issue_flow: boolean;
  readonly connection: ConnectionInternals;
}

interface ReceiverInternals extends Link {
  delivery_count: number;
  credit: number;
  add_credit(credit: number): void;
  _incomplete?: Settled & { frames: Buffer[] };
}

interface ConnectionInternals {
  _register(): void;
  _process(): void;
}

interface SenderInternals extends Link {
  open: () => void;
  attach: () => void;
}

/** AMQP's format code for a batch, by Azure. */
export const BATCH_FORMAT = 0x80013700;

/** Corrects what rhea reads. It holds for every connection of the process, and is done once. */
export function correctReading(): void {
  if (isCorrected) return;
  isCorrected = true;
  const { by_code: byCode } = types as unknown as {
    by_code: Record<number, { read: (bytes: Buffer, offset: number) => unknown; create: () => { value: unknown } }>;
  };
  // A boolean of one byte is read as a number.
  const boolean = byCode[0x56];
  if (boolean) boolean.read = (bytes, offset) => bytes.readUInt8(offset) !== 0;
  // Every empty list is one and the same array, which links then write into.
  const emptyList = byCode[0x45];
  if (!emptyList) return;
  const create = emptyList.create;
  emptyList.create = () => Object.assign(create(), { value: [] });
}

let isCorrected = false;

/** Makes a session hand over messages as bytes, leave links to receivers unanswered until the broker has looked at them, and do what the standard asks. */
export function prepareSession(session: Session): void {
  const internals = session as unknown as SessionInternals;
  takeBytes(internals.incoming);
  takeAnyDeliveryId(internals.incoming);
  writeEachOutcome(internals.outgoing, "pending_dispositions");
  writeEachOutcome(internals.incoming, "updated");
  echoFlow(internals);
  const createSender = internals.create_sender.bind(session);
  internals.create_sender = (name, options) => {
    const sender = createSender(name, options);
    (sender as unknown as SenderInternals).open = () => undefined;
    return sender;
  };
}

/** rhea decodes format 0, and what is decoded cannot be encoded again without loss. */
function takeBytes(incoming: Incoming): void {
  const onTransfer = incoming.on_transfer.bind(incoming);
  incoming.on_transfer = (frame, receiver) => {
    if (frame.performative.message_format === 0) frame.performative.message_format = undefined;
    frame.payload ??= Buffer.alloc(0);
    onTransfer(frame, receiver);
  };
}

/** rhea takes a delivery's id only where it is the one after the last, and ignores that a delivery is aborted (OASIS AMQP 1.0, part 2.7.5). */
function takeAnyDeliveryId(incoming: Incoming): void {
  const byId = new Map<number, Settled>();
  const { deliveries } = incoming;
  const capacity = deliveries.available();
  incoming.deliveries = {
    get size() {
      return byId.size;
    },
    available: () => capacity - byId.size,
    push: (delivery) => byId.set(delivery.id, delivery),
    by_id: (id) => byId.get(id),
    pop_if: (isDone) => {
      for (const [id, delivery] of byId) {
        if (!isDone(delivery)) return;
        byId.delete(id);
      }
    },
  };
  const onTransfer = incoming.on_transfer.bind(incoming);
  incoming.on_transfer = (frame, receiver) => {
    const { delivery_id: id, aborted } = frame.performative;
    if (aborted) {
      incoming.next_transfer_id += 1;
      receiver.delivery_count += 1;
      receiver.credit -= 1;
      receiver.add_credit(1);
      if (receiver._incomplete) receiver._incomplete.settled = true;
      receiver._incomplete = undefined;
      return;
    }
    if (!receiver._incomplete && id !== undefined) incoming.next_delivery_id = id;
    onTransfer(frame, receiver);
  };
}

/** Of two neighbouring deliveries rhea writes one frame with the first one's outcome, also where the second one's is another: it is given those alone that go together. */
function writeEachOutcome(direction: Direction, toWrite: "pending_dispositions" | "updated"): void {
  let updated: Settled[] = [];
  direction.update = (delivery, settled, state) => {
    delivery.settled = settled;
    if (state !== undefined) delivery.state = state;
    if (!delivery.remote_settled) updated.push(delivery);
    delivery.link.connection._register();
  };
  const process = direction.process.bind(direction);
  direction.process = (session) => {
    process(session);
    const runs = runsOf(updated);
    updated = [];
    for (const run of runs) {
      direction[toWrite] = run;
      process(session);
    }
  };
}

/** Neighbours that are all accepted and settled go together; any other is alone. */
function runsOf(deliveries: readonly Settled[]): Settled[][] {
  const runs: Settled[][] = [];
  for (const delivery of deliveries) {
    const run = runs.at(-1);
    const last = run?.at(-1);
    if (run && last && isAccepted(last) && isAccepted(delivery) && last.id + 1 === delivery.id) run.push(delivery);
    else runs.push([delivery]);
  }
  return runs;
}

function isAccepted({ settled, state }: Settled): boolean {
  return settled && message.is_accepted(state as unknown as Typed);
}

/** A peer may ask for the link's state. */
function echoFlow(session: SessionInternals): void {
  const onFlow = session.on_flow.bind(session);
  session.on_flow = (frame) => {
    onFlow(frame);
    const { handle, echo } = frame.performative;
    const link = handle === undefined ? undefined : session.remote.handles[handle];
    if (echo && link) link.issue_flow = true;
  };
}

/** Answers a link to a receiver, before anything is sent on it: rhea would write what is sent first. */
export function answerAttach(sender: Sender): void {
  const internals = sender as unknown as SenderInternals;
  internals.attach();
  internals.connection._process();
}

/** Prepares the answer to a link with the source, the target and the modes that its client named. @throws MalformedAmqp where they are none */
export function echoTermini(link: Sender | Receiver): void {
  const { attach } = (link as unknown as { local: { attach: Record<string, unknown> & { described(): Typed } } }).local;
  try {
    // rhea settles by itself what a receiver of its own gets with the second mode.
    if (link.is_sender()) {
      attach.snd_settle_mode = link.snd_settle_mode;
      attach.rcv_settle_mode = link.rcv_settle_mode;
    }
    if (isNamed(link.target)) link.set_target(link.target);
    if (isNamed(link.source)) link.set_source(link.source);
    // What cannot be written would fail later, as if it were the broker's.
    encodedValue(attach.described());
  } catch (error) {
    throw new MalformedAmqp(`a link's source or target is malformed: ${String(error)}`);
  }
}

/** rhea shows what is not there as a value that is null. */
function isNamed(terminus: object): boolean {
  return "address" in terminus;
}

/** Answers a new link with an error: it has neither source nor target then (OASIS AMQP 1.0, part 2.6.3). */
export function refuseAttach(link: Sender | Receiver, error: { condition: string; description: string }): void {
  const { attach } = (link as unknown as { local: { attach: { source?: unknown; target?: unknown } } }).local;
  attach.source = undefined;
  attach.target = undefined;
  if (link.is_sender()) answerAttach(link as Sender);
  link.close(error);
}
