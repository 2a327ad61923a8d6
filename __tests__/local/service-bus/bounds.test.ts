import type { Receiver, Session } from "rhea";
import { boundSession, LARGEST_FRAME } from "../../../local/service-bus/amqp/rhea-bounds";

const UNSETTLED = 100;

function sessionUnderTest() {
  const seen: unknown[] = [];
  const direction = {
    on_disposition: (fields: unknown) => void seen.push(fields),
    on_transfer: (frame: { payload?: Buffer }) => void seen.push(frame.payload?.length),
  };
  const session = { outgoing: { ...direction }, incoming: { ...direction } };
  boundSession(session as unknown as Session, UNSETTLED);
  return { session, seen };
}

test("of a disposition over every delivery there could be, as many are looked at as can be unsettled", () => {
  const { session, seen } = sessionUnderTest();
  for (const direction of [session.outgoing, session.incoming]) {
    direction.on_disposition({ first: 0, last: 0xffffffff });
    direction.on_disposition({ first: 7 });
    direction.on_disposition({ first: 7, last: 9 });
  }
  const expected = [
    { first: 0xffffffff - UNSETTLED, last: 0xffffffff },
    { first: 7, last: 7 },
    { first: 7, last: 9 },
  ];
  expect(seen).toEqual([...expected, ...expected]);
});

test("a message that comes in parts without an end drops its link, and nothing more of it is kept", () => {
  const { session, seen } = sessionUnderTest();
  const closed: unknown[] = [];
  const kept = { frames: [Buffer.alloc(10)] };
  const receiver = {
    local: { attach: { max_message_size: 1_000 } },
    _incomplete: kept,
    is_closed: () => closed.length > 0,
    close: (error: unknown) => void closed.push(error),
  } as unknown as Receiver;
  const transfer = session.incoming.on_transfer as unknown as (frame: object, to: Receiver) => void;
  const part = () => ({ payload: Buffer.alloc(65_536), performative: { more: true } });
  const parts = Math.ceil((LARGEST_FRAME + 1_000) / 65_536);
  for (let count = 0; count < parts + 10; count += 1) transfer(part(), receiver);
  expect(closed).toEqual([
    {
      condition: "amqp:link:message-size-exceeded",
      description: "The received message exceeds the limit (1000 bytes) currently allowed on the link.",
    },
  ]);
  expect(kept.frames).toEqual([]);
  expect(seen.slice(parts)).toEqual(Array(10).fill(0));
});
