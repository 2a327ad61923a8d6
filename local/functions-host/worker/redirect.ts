import dns, { Resolver } from "node:dns";
import { isIP, Socket, type TcpSocketConnectOpts } from "node:net";
import type { Redirects } from "./redirects";

/** Windows gives up after 21 s; a second is enough to show the same error. */
const DROPPED_MS = 1_000;

/**
 * From now on this process asks the given DNS for names, and the addresses of the design lead to ports on loopback. What the network does not let through gets no answer.
 */
export function redirect({ dns: server, ports }: Redirects): void {
  const resolver = new Resolver({ timeout: 2_000, tries: 2 });
  resolver.setServers([server]);
  redirectConnections(resolver, ports);
  redirectLookups(resolver);
}

type Connect = (this: Socket, ...args: unknown[]) => Socket;

function redirectConnections(resolver: Resolver, ports: Redirects["ports"]): void {
  // eslint-disable-next-line @typescript-eslint/unbound-method -- it is called with the socket it was called on
  const connect = Socket.prototype.connect as unknown as Connect;

  (Socket.prototype as unknown as { connect: Connect }).connect = function (...args) {
    // Node passes its own normalized arguments as one list: options and callback.
    const list = Array.isArray(args[0]) ? (args[0] as unknown[]) : args;
    const options = list[0];
    if (!isTcp(options) || isLoopback(options.host)) return connect.apply(this, args);
    const { host = "", port } = options;
    (this as unknown as { connecting: boolean }).connecting = true;
    addressOf(resolver, host, (error, address) => {
      if (this.destroyed) return;
      const target = ports[`${address}:${port}`];
      if (error) {
        this.destroy(error);
        return;
      }
      if (target === undefined) {
        // What the network drops gets no answer.
        setTimeout(() => this.destroy(timedOut(host, address, port)), DROPPED_MS);
        return;
      }
      list[0] = { ...options, host: "127.0.0.1", port: target };
      connect.apply(this, args);
    });
    return this;
  };
}

function isTcp(options: unknown): options is TcpSocketConnectOpts {
  return typeof options === "object" && options !== null && "port" in options;
}

function isLoopback(host: string | undefined): boolean {
  return host === undefined || host === "localhost" || host === "::1" || host.startsWith("127.");
}

function addressOf(resolver: Resolver, host: string, done: (error: Error | null, address: string) => void): void {
  if (isIP(host) !== 0) {
    // Later, as a real connection fails or succeeds: a client that opens one listens to its errors only afterwards.
    setImmediate(done, null, host);
    return;
  }
  resolver.resolve4(host, (error, addresses) => {
    if (!error) done(null, addresses[0] ?? "");
    else
      done(
        Object.assign(new Error(`getaddrinfo ENOTFOUND ${host}`), {
          code: "ENOTFOUND",
          syscall: "getaddrinfo",
          hostname: host,
        }),
        "",
      );
  });
}

function timedOut(host: string, address: string, port: number): Error {
  return Object.assign(
    new Error(`connect ETIMEDOUT ${address}:${port} (${host}): the network lets nothing through to there`),
    {
      code: "ETIMEDOUT",
      syscall: "connect",
      address,
      port,
    },
  );
}

/** What asks for a name by itself gets the same answer. */
type Found = (error: Error | null, address: string | { address: string; family: 4 }[], family?: number) => void;

function redirectLookups(resolver: Resolver): void {
  (dns as { lookup: unknown }).lookup = (host: string, options: unknown, callback?: Found) => {
    const done = (typeof options === "function" ? options : callback) as Found;
    const all = typeof options === "object" && options !== null && "all" in options && options.all === true;
    if (isLoopback(host)) {
      done(null, all ? [{ address: "127.0.0.1", family: 4 }] : "127.0.0.1", 4);
      return;
    }
    addressOf(resolver, host, (error, address) => {
      done(error, all && !error ? [{ address, family: 4 }] : address, 4);
    });
  };
  (dns.promises as { lookup: unknown }).lookup = (host: string) =>
    new Promise((found, failed) => {
      dns.lookup(host, (error, address) => {
        if (error) failed(error);
        else found({ address, family: 4 });
      });
    });
}
