import { Intervals } from "./intervals";

/**
 * Protocols with their ports, as one line of numbers: TCP's ports, then UDP's, then the protocols without ports. So a rule for one protocol and a few ports, and a
 * rule for every protocol, are both a set of intervals.
 */
const PORTS = 65_536;
const STARTS = { tcp: 0, udp: PORTS } as const;
const WITHOUT_PORTS = { icmp: 2 * PORTS, esp: 2 * PORTS + 1, ah: 2 * PORTS + 2 } as const;

export const ALL_SERVICES = Intervals.of(0, 2 * PORTS + 2);
export const ALL_PORTS = Intervals.of(0, PORTS - 1);
export const TCP = Intervals.of(0, PORTS - 1);
export const UDP = Intervals.of(PORTS, 2 * PORTS - 1);

/** `443`, `5671-5672`, `*`. @throws Error where it is no port */
export function portsOf(text: string): Intervals {
  if (text === "*") return ALL_PORTS;
  const [, first, last = first] = /^(\d+)(?:-(\d+))?$/.exec(text) ?? [];
  const [from, to] = [Number(first), Number(last)];
  if (first === undefined || from > to || to >= PORTS) throw new Error(`${text} is no port and no range of ports.`);
  return Intervals.of(from, to);
}

/**
 * @param protocol Tcp, Udp, Icmp, Esp, Ah, `Any` or `*`, in any case
 * @param ports without effect on protocols that have none
 * @throws Error where the protocol is another
 */
export function servicesOf(protocol: string, ports: readonly string[]): Intervals {
  const name = protocol.toLowerCase();
  if (name in WITHOUT_PORTS) return Intervals.of(WITHOUT_PORTS[name as keyof typeof WITHOUT_PORTS]);
  const numbers = Intervals.union(ports.map(portsOf));
  if (name === "*" || name === "any") {
    const every = numbers.equals(ALL_PORTS);
    return every ? ALL_SERVICES : Intervals.union([numbers, shifted(numbers, STARTS.udp)]);
  }
  if (name !== "tcp" && name !== "udp") throw new Error(`${protocol} is no protocol that rules know.`);
  return shifted(numbers, STARTS[name]);
}

export function tcp(...ports: readonly number[]): Intervals {
  return Intervals.union(ports.map((port) => Intervals.of(port)));
}

export function udp(...ports: readonly number[]): Intervals {
  return shifted(tcp(...ports), STARTS.udp);
}

/** What a NAT rule makes of a set: its port, for each of the protocols that the set has. */
export function translated(set: Intervals, port: number): Intervals {
  return Intervals.union([...(set.and(TCP).isEmpty ? [] : [tcp(port)]), ...(set.and(UDP).isEmpty ? [] : [udp(port)])]);
}

function shifted(set: Intervals, by: number): Intervals {
  return Intervals.union(set.ranges.map(([first, last]) => Intervals.of(first + by, last + by)));
}

/** `tcp 443, 5671; udp 53`, `everything`. */
export function servicesText(set: Intervals): string {
  if (set.equals(ALL_SERVICES)) return "every protocol and port";
  const named = (name: string, ports: Intervals, start: number) =>
    ports.isEmpty ? [] : [ports.size === PORTS ? `${name} *` : `${name} ${rangesText(ports, start)}`];
  return [
    ...named("tcp", set.and(TCP), STARTS.tcp),
    ...named("udp", set.and(UDP), STARTS.udp),
    ...Object.entries(WITHOUT_PORTS).flatMap(([name, number]) => (set.has(number) ? [name] : [])),
  ].join("; ");
}

function rangesText(set: Intervals, start: number): string {
  return set.ranges
    .map(([first, last]) => (first === last ? String(first - start) : `${first - start}-${last - start}`))
    .join(", ");
}
