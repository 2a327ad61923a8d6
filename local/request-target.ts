import type { IncomingMessage } from "node:http";

/**
 * What a request asks for.
 *
 * @returns nothing where it is no path that can be read: `//`, `%ff`; the answer is a 400 then
 */
export function targetOf({ url = "/", headers }: IncomingMessage): URL | undefined {
  try {
    const target = new URL(url, `http://${headers.host ?? "localhost"}`);
    decodeURIComponent(target.pathname);
    return target;
  } catch {
    return undefined;
  }
}
