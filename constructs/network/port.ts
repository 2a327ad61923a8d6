/** What a flow speaks, in the words of NSG and firewall rules. */
export class Port {
  static readonly https = new Port("https", [443], ["Tcp"]);
  static readonly http = new Port("http", [80], ["Tcp"], "http");
  /** AMQP over TLS. */
  static readonly amqps = new Port("amqps", [5671], ["Tcp"]);
  /** Answers too long for UDP come by TCP. */
  static readonly dns = new Port("dns", [53], ["Udp", "Tcp"]);

  /** Any protocol of a service of the user's own over TCP. */
  static tcp(number: number): Port {
    const known = [Port.https, Port.http, Port.amqps].find(({ numbers }) => numbers.includes(number));
    return known ?? new Port(`tcp-${number}`, [number], ["Tcp"]);
  }

  /** HTTP or TLS with a server name on a port of the user's: what a firewall can tell by the host. */
  static web(protocol: "http" | "https", number: number): Port {
    const known = Port[protocol];
    return known.numbers.includes(number) ? known : new Port(`${protocol}-${number}`, [number], ["Tcp"], protocol);
  }

  private constructor(
    readonly name: string,
    readonly numbers: readonly number[],
    readonly protocols: readonly ("Tcp" | "Udp")[],
    /** How a firewall's application rule reads the host. */
    readonly web: "http" | "https" = "https",
  ) {}
}
