import { lookup } from "node:dns/promises";
import { BlockList } from "node:net";

const PRIVATE = new BlockList();
// RFC 1918, and RFC 6598's shared space.
for (const [address, length] of [
  ["10.0.0.0", 8],
  ["172.16.0.0", 12],
  ["192.168.0.0", 16],
  ["100.64.0.0", 10],
] as const)
  PRIVATE.addSubnet(address, length);

/** Where a name leads from this host. */
export interface Resolved {
  readonly address?: string;
  /** Whether it leads into the network: to a private endpoint. */
  readonly isPrivate: boolean;
  /** One sentence. */
  readonly says: string;
}

export async function resolved(host: string): Promise<Resolved> {
  try {
    const { address } = await lookup(host, { family: 4 });
    const isPrivate = PRIVATE.check(address);
    return { address, isPrivate, says: `${host} is ${address}${isPrivate ? "" : ", a public address"}` };
  } catch (error) {
    const code = (error as { code?: unknown }).code;
    return { isPrivate: false, says: `${host} does not resolve (${typeof code === "string" ? code : String(error)})` };
  }
}
