/** What a flow speaks, in the words of NSG and firewall rules. */
export class Port {
  static readonly https = new Port("https", [443], ["Tcp"]);
  static readonly http = new Port("http", [80], ["Tcp"]);
  /** AMQP over TLS. */
  static readonly amqps = new Port("amqps", [5671], ["Tcp"]);
  /** Answers too long for UDP come by TCP. */
  static readonly dns = new Port("dns", [53], ["Udp", "Tcp"]);

  private constructor(
    readonly name: string,
    readonly numbers: readonly number[],
    readonly protocols: readonly ("Tcp" | "Udp")[],
  ) {}
}
