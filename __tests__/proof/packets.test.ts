import fc from "fast-check";
import {
  addressesOf,
  addressesText,
  allOf,
  blocksOf,
  PRIVATE_ADDRESSES,
  PUBLIC_ADDRESSES,
} from "../../proof/packets/addresses";
import { Intervals } from "../../proof/packets/intervals";
import { common, type Packets, without } from "../../proof/packets/packets";
import { ALL_SERVICES, servicesOf, servicesText } from "../../proof/packets/services";

const LAST = 60;
const numbers = Array.from({ length: LAST + 1 }, (_, number) => number);

const intervals = fc
  .array(fc.tuple(fc.integer({ min: 0, max: LAST }), fc.integer({ min: 0, max: 8 })), { maxLength: 5 })
  .map((pairs) => Intervals.union(pairs.map(([first, more]) => Intervals.of(first, Math.min(LAST, first + more)))));

test("sets of intervals are sets: union, intersection, difference, size, equality", () => {
  fc.assert(
    fc.property(intervals, intervals, (one, other) => {
      for (const number of numbers) {
        const [inOne, inOther] = [one.has(number), other.has(number)];
        expect(one.or(other).has(number)).toBe(inOne || inOther);
        expect(one.and(other).has(number)).toBe(inOne && inOther);
        expect(one.minus(other).has(number)).toBe(inOne && !inOther);
      }
      expect(one.size).toBe(numbers.filter((number) => one.has(number)).length);
      expect(one.isWithin(other)).toBe(numbers.every((number) => !one.has(number) || other.has(number)));
      expect(one.equals(other)).toBe(numbers.every((number) => one.has(number) === other.has(number)));
      expect(one.minus(one).isEmpty).toBe(true);
    }),
    { seed: 14, numRuns: 200 },
  );
});

const packets: fc.Arbitrary<Packets> = fc.record({
  from: intervals.filter((set) => !set.isEmpty),
  to: intervals.filter((set) => !set.isEmpty),
  service: intervals.filter((set) => !set.isEmpty),
  sourcePort: intervals.filter((set) => !set.isEmpty),
});

const has = ({ from, to, service, sourcePort }: Packets, [a = 0, b = 0, c = 0, d = 0]: readonly number[]) =>
  from.has(a) && to.has(b) && service.has(c) && sourcePort.has(d);

test("what is left of packets, and what is taken, are all of them, and no packet is in two parts", () => {
  const some = fc.array(fc.tuple(...[0, 1, 2, 3].map(() => fc.integer({ min: 0, max: LAST }))), {
    minLength: 30,
    maxLength: 30,
  });
  fc.assert(
    fc.property(packets, packets, some, (all, taken, questions) => {
      const parts = without(all, taken);
      const both = common(all, taken);
      for (const packet of questions) {
        const found = [...parts, ...(both ? [both] : [])].filter((part) => has(part, packet));
        expect(found).toHaveLength(has(all, packet) ? 1 : 0);
        expect(both !== undefined && has(both, packet)).toBe(has(all, packet) && has(taken, packet));
      }
    }),
    { seed: 14, numRuns: 300 },
  );
});

test("blocks are written as they are read, and few where few are enough", () => {
  expect(blocksOf(addressesOf("10.0.0.0/24").minus(addressesOf("10.0.0.128/25")))).toEqual(["10.0.0.0/25"]);
  expect(blocksOf(addressesOf("10.0.0.1-10.0.0.6"))).toEqual(["10.0.0.1", "10.0.0.2/31", "10.0.0.4/31", "10.0.0.6"]);
  expect(addressesText(addressesOf("10.0.0.4-10.0.0.250"))).toBe("10.0.0.4-10.0.0.250");
  expect(allOf(["0.0.0.0/0"]).size).toBe(2 ** 32);
  expect(PRIVATE_ADDRESSES.and(PUBLIC_ADDRESSES).isEmpty).toBe(true);
  expect(PUBLIC_ADDRESSES.has(addressesOf("168.63.129.16").first)).toBe(false);
});

test.each([
  ["Tcp", ["443", "5671-5672"], "tcp 443, 5671-5672"],
  ["*", ["53"], "tcp 53; udp 53"],
  ["*", ["*"], "every protocol and port"],
  ["Icmp", ["*"], "icmp"],
  ["UDP", ["*"], "udp *"],
])("%s on %j", (protocol, ports, text) => {
  expect(servicesText(servicesOf(protocol, ports))).toBe(text);
  expect(servicesOf(protocol, ports).isWithin(ALL_SERVICES)).toBe(true);
});

test.each([
  ["Tcp", "many", /many is no port/],
  ["Tcp", "70000", /70000 is no port/],
  ["Sctp", "1", /Sctp is no protocol/],
])("%s on %s is refused", (protocol, port, message) => {
  expect(() => servicesOf(protocol, [port])).toThrow(message);
});

test.each(["2001:db8::/32", "10.0.0.0/33", "hub"])("%s is no IPv4 address, and is refused", (text) => {
  expect(() => addressesOf(text)).toThrow(/is no IPv4 address/);
});
