import { ALL_ADDRESSES } from "./addresses";
import type { Intervals } from "./intervals";
import { ALL_PORTS, ALL_SERVICES } from "./services";

/** The first packets of connections: each combination of a source, a destination, a service and a source port. */
export interface Packets {
  readonly from: Intervals;
  readonly to: Intervals;
  /** Protocols with their destination ports, see `services.ts`. */
  readonly service: Intervals;
  readonly sourcePort: Intervals;
}

export type Dimension = keyof Packets;

const DIMENSIONS: readonly Dimension[] = ["to", "service", "from", "sourcePort"];

export const ALL_PACKETS: Packets = {
  from: ALL_ADDRESSES,
  to: ALL_ADDRESSES,
  service: ALL_SERVICES,
  sourcePort: ALL_PORTS,
};

/** Those in both; nothing where there is none. */
export function common(one: Packets, other: Packets): Packets | undefined {
  const from = one.from.and(other.from);
  const to = one.to.and(other.to);
  const service = one.service.and(other.service);
  const sourcePort = one.sourcePort.and(other.sourcePort);
  return from.isEmpty || to.isEmpty || service.isEmpty || sourcePort.isEmpty
    ? undefined
    : { from, to, service, sourcePort };
}

/** Those of the first that are not in the second, in parts that have no packet in common. */
export function without(packets: Packets, taken: Packets): Packets[] {
  if (!common(packets, taken)) return [packets];
  const parts: Packets[] = [];
  let rest = packets;
  for (const dimension of DIMENSIONS) {
    const outside = rest[dimension].minus(taken[dimension]);
    if (!outside.isEmpty) parts.push({ ...rest, [dimension]: outside });
    rest = { ...rest, [dimension]: rest[dimension].and(taken[dimension]) };
  }
  return parts;
}
