import { Address4 } from "ip-address";
import { AZURE_RESOLVER } from "../../azure-facts/addresses";
import { PRIVATE_RANGES } from "../../topology/cidr";
import { Intervals } from "./intervals";

const LAST = 2 ** 32 - 1;

/** Every IPv4 address. */
export const ALL_ADDRESSES = Intervals.of(0, LAST);

/**
 * The addresses of a CIDR block, an address, or a range (`10.0.0.4-10.0.0.9`).
 *
 * @throws Error where it is none of them; IPv6 is not read
 */
export function addressesOf(text: string): Intervals {
  const [first = "", last] = text.split("-");
  if (last !== undefined) return Intervals.of(numberOf(first), numberOf(last));
  if (!Address4.isValid(text)) throw new Error(`${text} is no IPv4 address, block or range.`);
  const block = new Address4(text);
  return Intervals.of(Number(block.startAddress().bigInt()), Number(block.endAddress().bigInt()));
}

export function allOf(texts: readonly string[]): Intervals {
  return Intervals.union(texts.map(addressesOf));
}

/** RFC 1918, and RFC 6598's shared space. */
export const PRIVATE_ADDRESSES = allOf(PRIVATE_RANGES);

/** What no host on the Internet has: this network, loopback, link-local, benchmarks, multicast and reserved blocks (RFC 6890), and what Azure keeps for itself. */
const UNROUTED = allOf(["0.0.0.0/8", "127.0.0.0/8", "169.254.0.0/16", "198.18.0.0/15", "224.0.0.0/3", AZURE_RESOLVER]);

/** The addresses of the Internet. Those that Azure has not chosen yet are outside it, see `synthesized/computed.ts`. */
export const PUBLIC_ADDRESSES = ALL_ADDRESSES.minus(PRIVATE_ADDRESSES).minus(UNROUTED);

export function numberOf(address: string): number {
  if (!Address4.isValid(address) || address.includes("/")) throw new Error(`${address} is no IPv4 address.`);
  return Number(new Address4(address).bigInt());
}

export function addressText(number: number): string {
  return Address4.fromBigInt(BigInt(number)).correctForm();
}

/** The fewest blocks that make up a set: `10.1.2.0/25, 10.1.2.128/26`. */
export function blocksOf(set: Intervals): string[] {
  return set.ranges.flatMap(([first, last]) => {
    const blocks: string[] = [];
    for (let at = first; at <= last;) {
      let size = 1;
      while (at % (size * 2) === 0 && at + size * 2 - 1 <= last && size < 2 ** 32) size *= 2;
      const prefix = 32 - Math.log2(size);
      blocks.push(prefix === 32 ? addressText(at) : `${addressText(at)}/${prefix}`);
      at += size;
    }
    return blocks;
  });
}

/** Blocks where these are few, else ranges. */
export function addressesText(set: Intervals): string {
  const blocks = blocksOf(set);
  if (blocks.length <= MOST_BLOCKS) return blocks.join(", ");
  return set.ranges
    .map(([first, last]) => (first === last ? addressText(first) : `${addressText(first)}-${addressText(last)}`))
    .join(", ");
}

const MOST_BLOCKS = 3;
