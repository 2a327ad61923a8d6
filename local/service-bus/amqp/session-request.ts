import { type Sender, types } from "rhea";
import type { MessageQueue } from "../entities/queue";
import type { Receiver } from "../entities/ready-queue";
import { ServiceBusFault } from "../errors";

/** How long a client waits for a session that says nothing of it, in milliseconds. */
const WAIT_MS = 60_000;
/** Node's longest timer. */
const LONGEST_MS = 2_147_483_647;
/** .NET's ticks at the beginning of 1970. */
const EPOCH_TICKS = 621_355_968_000_000_000n;

export interface SessionRequestProps {
  readonly link: Sender;
  readonly queue: MessageQueue;
  /** `null`: any. */
  readonly asked: string | null;
  readonly granted: (sessionId: string) => Receiver;
  readonly refused: (fault: ServiceBusFault) => void;
  /** Called once: it is granted, refused or withdrawn. */
  readonly settled: () => void;
}

/**
 * Asks for a session for a link.
 *
 * @returns how to withdraw
 * @throws ServiceBusFault where the session is another's
 */
export function requestSession({ link, queue, asked, granted, refused, settled }: SessionRequestProps): () => void {
  const settle = () => {
    clearTimeout(timeout);
    settled();
  };
  const request = {
    ...(asked === null ? {} : { sessionId: asked }),
    grant: (sessionId: string, lockedUntil: number) => {
      settle();
      (link as unknown as { local: { attach: Record<string, unknown> } }).local.attach.properties = {
        "com.microsoft:locked-until-utc": types.wrap_long(ticks(lockedUntil)),
      };
      return granted(sessionId);
    },
  };
  const withdraw = () => {
    settle();
    queue.sessions.withdraw(request);
  };
  const timeout = setTimeout(() => {
    withdraw();
    refused(
      new ServiceBusFault(
        "com.microsoft:timeout",
        "The operation did not complete within the allotted time: no session was available.",
      ),
    );
  }, waitOf(link)).unref();
  try {
    queue.sessions.request(request);
  } catch (error) {
    settle();
    throw error;
  }
  return withdraw;
}

function waitOf({ properties }: Sender): number {
  const asked = (properties as Record<string, unknown> | undefined)?.["com.microsoft:timeout"];
  return typeof asked === "number" && asked >= 0 ? Math.min(asked, LONGEST_MS) : WAIT_MS;
}

function ticks(at: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigInt64BE(BigInt(Math.floor(at)) * 10_000n + EPOCH_TICKS);
  return bytes;
}
