import { type Delivery, type Receiver, type Session, type Typed, types } from "rhea";
import type { Transaction, Transactions } from "../entities/transaction";
import { decoded, endOfValue, itemsOf, MalformedAmqp } from "./encoding";
import type { Listening } from "./listening";
import { sectionsOf } from "./sections";
import { faultOf } from "./sending-link";
import { rejected } from "./values";

/** Descriptors of OASIS AMQP 1.0, part 4: Transactions. */
const COORDINATOR = 0x30;
const DECLARE = 0x31;
const DISCHARGE = 0x32;
const DECLARED = 0x33;
const TRANSACTIONAL_STATE = 0x34;
const ACCEPTED = 0x24;
/** The state's place among a transfer's fields. */
const TRANSFER_STATE = 7;

const CAPABILITIES = ["amqp:local-transactions", "amqp:multi-txns-per-ssn", "amqp:multi-ssns-per-txn"];
/** How many requests a client may have under way. */
const CREDIT = 100;

interface Attach {
  target: unknown;
}

interface Described extends Typed {
  readonly descriptor?: { readonly value: unknown };
  readonly value: unknown;
}

interface Disposition {
  readonly first: number;
  readonly last?: number;
  readonly state?: unknown;
}

/** A delivery, and the transaction that it was settled in. */
interface Enlisted {
  transactionId?: Buffer;
}

interface SessionInternals {
  on_attach: (frame: { performative: Attach }) => void;
  readonly incoming: { on_transfer: (frame: { performative: { value: unknown[] } }, receiver: unknown) => void };
  readonly outgoing: {
    readonly deliveries: { by_id(id: number): Enlisted | undefined };
    on_disposition: (fields: Disposition) => void;
  };
}

const coordinators = new WeakSet<object>();

/** Makes rhea, which has no transactions, show links to a coordinator, and the outcomes that a client gives in a transaction. */
export function prepareTransactions(session: Session): void {
  const internals = session as unknown as SessionInternals;
  const onAttach = internals.on_attach.bind(internals);
  internals.on_attach = (frame) => {
    const { performative } = frame;
    if (descriptorOf(performative.target) === COORDINATOR) {
      coordinators.add(performative);
      performative.target = undefined;
    }
    onAttach(frame);
  };
  const { incoming, outgoing } = internals;
  const onTransfer = incoming.on_transfer.bind(incoming);
  incoming.on_transfer = (frame, receiver) => {
    // rhea forgets which state it is.
    const state = frame.performative.value[TRANSFER_STATE];
    if (state !== undefined) Object.defineProperty(frame.performative, "state", { value: state });
    onTransfer(frame, receiver);
  };
  const onDisposition = outgoing.on_disposition.bind(outgoing);
  outgoing.on_disposition = (fields) => {
    const inTransaction = transactionalState(fields.state);
    if (!inTransaction) {
      onDisposition(fields);
      return;
    }
    for (let id = fields.first; id <= (fields.last ?? fields.first); id += 1) {
      const delivery = outgoing.deliveries.by_id(id);
      if (delivery) delivery.transactionId = inTransaction.id;
    }
    // A performative's fields are its prototype's: they are kept.
    onDisposition(Object.create(fields, { state: { value: inTransaction.outcome } }) as Disposition);
  };
}

/** Whether a link that a client sends on leads to a coordinator. */
export function isToCoordinator(link: Receiver): boolean {
  return coordinators.has((link as unknown as { remote: { attach: object } }).remote.attach);
}

/** A coordinator: declares and discharges the transactions of a connection. */
export function serveCoordinator(link: Receiver, transactions: Transactions, listen: Listening): void {
  const { attach } = (link as unknown as { local: { attach: Attach } }).local;
  attach.target = types.wrap_described([types.wrap_array(CAPABILITIES, 0xa3, undefined)], COORDINATOR);
  link.add_credit(CREDIT);
  listen(link, "message", ({ message, delivery }) => {
    link.add_credit(1);
    if (delivery) delivery.update(true, answerTo(message as unknown as Buffer, transactions));
  });
}

function answerTo(bytes: Buffer, transactions: Transactions): Typed {
  try {
    const { descriptor, fields } = requestIn(bytes);
    if (descriptor === DECLARE) {
      return types.wrap_described([types.wrap_binary(transactions.declare().id)], DECLARED);
    }
    if (descriptor !== DISCHARGE) throw new MalformedAmqp("a coordinator takes declare and discharge");
    const [id, fail] = fields.map(decoded);
    if (!Buffer.isBuffer(id)) throw new MalformedAmqp("discharge names no transaction");
    transactions.discharge(id, fail === true);
    return types.wrap_described([], ACCEPTED);
  } catch (error) {
    return rejected(faultOf(error));
  }
}

/** rhea forgets the second of two descriptors: the section's, and the request's in it. */
function requestIn(bytes: Buffer): { descriptor: number; fields: Buffer[] } {
  const { body } = sectionsOf(bytes);
  const value = body.subarray(endOfValue(body, 1));
  if (value[0] !== 0x00) throw new MalformedAmqp("a request to a coordinator has no descriptor");
  const end = endOfValue(value, 1);
  return { descriptor: Number(decoded(value.subarray(1, end))), fields: itemsOf(value.subarray(end)) };
}

/** The transaction that a delivery of a client is part of; nothing: none. @throws ServiceBusFault where it is not known */
export function transactionOf(delivery: Delivery, transactions: Transactions): Transaction | undefined {
  const { transactionId, remote_state: state } = delivery as unknown as Enlisted & { remote_state?: unknown };
  const id = transactionId ?? transactionalState(state)?.id;
  return id === undefined ? undefined : transactions.of(id);
}

/** An outcome in a transaction. */
export function inTransaction(transaction: Transaction | undefined, outcome: Typed): Typed {
  if (!transaction) return outcome;
  return types.wrap_described([types.wrap_binary(transaction.id), outcome], TRANSACTIONAL_STATE);
}

function transactionalState(state: unknown): { readonly id: Buffer; readonly outcome: unknown } | undefined {
  if (descriptorOf(state) !== TRANSACTIONAL_STATE) return undefined;
  const { value } = state as Described;
  const [id, outcome] = Array.isArray(value) ? (value as readonly (Described | undefined)[]) : [];
  if (!id || !Buffer.isBuffer(id.value)) throw new MalformedAmqp("a state names no transaction");
  return { id: id.value, outcome };
}

function descriptorOf(value: unknown): number | undefined {
  const { descriptor } = (value ?? {}) as Partial<Described>;
  return descriptor === undefined ? undefined : Number(descriptor.value);
}
