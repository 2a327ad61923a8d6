import { createSocket, type Socket } from "node:dgram";
import { type Answer, AUTHORITATIVE_ANSWER, decode, encode, RECURSION_AVAILABLE } from "dns-packet";
import type { DnsRecord } from "./resolve";

const NXDOMAIN = 3;
/** Azure's alias and BIND's limit: an answer is kept for half a minute at most. Nothing between here and the apps keeps one. */
const TTL_SECONDS = 30;

/** What a name leads to; nothing where it does not exist. */
export type Resolve = (name: string) => readonly DnsRecord[];

/** The DNS that some hosts ask, over UDP on loopback: the answers that they would get. */
export class DnsServer {
  private constructor(
    private readonly socket: Socket,
    readonly port: number,
  ) {}

  static async start(resolve: Resolve): Promise<DnsServer> {
    const socket = createSocket("udp4");
    socket.on("message", (packet, { port, address }) => {
      const reply = answer(resolve, packet);
      if (reply) socket.send(reply, port, address);
    });
    await new Promise<void>((done, failed) => {
      socket.once("error", failed);
      socket.bind(0, "127.0.0.1", done);
    });
    // A client asks again for an answer that cannot be sent.
    socket.on("error", () => undefined);
    return new DnsServer(socket, socket.address().port);
  }

  async stop(): Promise<void> {
    await new Promise<void>((done) => this.socket.close(done));
  }
}

/** @returns nothing where the packet is no question */
function answer(resolve: Resolve, packet: Buffer): Buffer | undefined {
  let query: ReturnType<typeof decode>;
  try {
    query = decode(packet);
  } catch {
    return undefined;
  }
  const [question] = query.questions ?? [];
  if (!question) return undefined;
  const chain = resolve(question.name);
  // A name with an IPv4 address has no IPv6 address: an empty answer, not NXDOMAIN.
  const answers = chain.filter(({ type }) => type === "CNAME" || question.type === "A");
  return encode({
    type: "response",
    id: query.id,
    flags: AUTHORITATIVE_ANSWER | RECURSION_AVAILABLE | (chain.length === 0 ? NXDOMAIN : 0),
    questions: [question],
    answers: answers.map((record): Answer => ({ ...record, ttl: TTL_SECONDS, class: "IN" })),
  });
}
