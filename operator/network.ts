import { lookup } from "node:dns/promises";
import { isPrivate as isPrivateRange } from "../topology/cidr";

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
    const isPrivate = isPrivateRange(`${address}/32`);
    return { address, isPrivate, says: `${host} is ${address}${isPrivate ? "" : ", a public address"}` };
  } catch (error) {
    const code = (error as { code?: unknown }).code;
    return { isPrivate: false, says: `${host} does not resolve (${typeof code === "string" ? code : String(error)})` };
  }
}
