import { Address4 } from "ip-address";
import { RESERVED_AT_START } from "../azure-facts/addresses";

/** RFC 1918, and RFC 6598's shared space: Azure's VNets and its firewall treat both as private. */
export const PRIVATE_RANGES = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10"];

export function prefixLength(cidr: string): number {
  return new Address4(cidr).subnetMask;
}

export function contains(outer: string, inner: string): boolean {
  return new Address4(inner).isInSubnet(new Address4(outer));
}

export function overlap(one: string, other: string): boolean {
  return contains(one, other) || contains(other, one);
}

export function isPrivate(cidr: string): boolean {
  return PRIVATE_RANGES.some((range) => contains(range, cidr));
}

/** The nth address (from 0) that Azure leaves usable in a subnet. */
export function usableAddress(subnet: string, n: number): string {
  return addressAt(subnet, RESERVED_AT_START + n);
}

/** The last block of this prefix length within a subnet: the last /28 of 10.1.2.0/24 is 10.1.2.240/28. */
export function lastBlock(subnet: string, prefix: number): string {
  const end = new Address4(subnet).endAddress().bigInt();
  const size = 1n << BigInt(32 - prefix);
  return `${Address4.fromBigInt(end - size + 1n).correctForm()}/${prefix}`;
}

/** The nth address (from 0) of a block. */
export function addressAt(block: string, n: number): string {
  return Address4.fromBigInt(new Address4(block).startAddress().bigInt() + BigInt(n)).correctForm();
}
