import type { AddressInfo, Server } from "node:net";
import { Failure } from "../failure";

/**
 * Waits until a server listens on loopback.
 *
 * @param port none: a free one
 * @returns the port
 * @throws Failure where the port is taken
 */
export async function listen(server: Server, port = 0): Promise<number> {
  await new Promise<void>((done, failed) => {
    server.once("error", (error: NodeJS.ErrnoException) => {
      failed(portError(error, port));
    });
    server.listen(port, "127.0.0.1", done);
  });
  return (server.address() as AddressInfo).port;
}

export function portError(error: NodeJS.ErrnoException, port: number): Error {
  if (error.code === "EADDRINUSE") {
    return new Failure(`Port ${port} of 127.0.0.1 is in use: end what listens there, or choose another port.`);
  }
  if (error.code === "EACCES")
    return new Failure(`Port ${port} of 127.0.0.1 needs rights this user has not: choose one above 1023.`);
  return error;
}

/** How often it is looked for connections that have their answer. */
const IDLE_MS = 50;

/** Ends a server once the requests that are under way are answered. @param finishMs after that, in milliseconds, they are cut off */
export async function closeWhenAnswered(
  server: Server & { closeAllConnections(): void; closeIdleConnections(): void },
  finishMs: number,
): Promise<void> {
  const closed = new Promise((done) => server.close(done));
  server.closeIdleConnections();
  // A connection that has its answer may be kept for the next request.
  const closing = setInterval(() => {
    server.closeIdleConnections();
  }, IDLE_MS);
  const cutOff = setTimeout(() => {
    server.closeAllConnections();
  }, finishMs);
  await closed;
  clearInterval(closing);
  clearTimeout(cutOff);
}

/** Ends a server and every connection it has. */
export async function close(server: Server & { closeAllConnections?: () => void }): Promise<void> {
  const closed = new Promise((done) => server.close(done));
  server.closeAllConnections?.();
  await closed;
}
