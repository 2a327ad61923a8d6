/** One packet, and what can be said of its destination. */
export interface Packet {
  readonly from: number;
  readonly to: number;
  readonly protocol: "tcp" | "udp";
  readonly port: number;
  readonly sourcePort: number;
  /** The name that the client asks for. */
  readonly host: string;
  /** The service tags that a destination on the Internet is in. */
  readonly tags: readonly string[];
}
