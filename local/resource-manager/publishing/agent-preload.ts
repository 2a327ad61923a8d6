import { Socket, type TcpSocketConnectOpts } from "node:net";
import { AGENT_PORT } from "./agent-port";

/**
 * Loaded into the Node programs that Terraform runs (the publisher): names that only the network's own DNS knows lead to loopback, as they would lead to
 * private endpoints from a machine inside the network. Every other name is left alone.
 */
const PRIVATE = /\.scm\.azurewebsites\.net$/i;

type Connect = (this: Socket, ...args: unknown[]) => Socket;
// eslint-disable-next-line @typescript-eslint/unbound-method -- it is called with the socket it was called on
const connect = Socket.prototype.connect as unknown as Connect;

(Socket.prototype as unknown as { connect: Connect }).connect = function (...args) {
  // Node passes its own normalized arguments as one list: options and callback.
  const list = Array.isArray(args[0]) ? (args[0] as unknown[]) : args;
  const options = list[0] as Partial<TcpSocketConnectOpts> | undefined;
  if (typeof options === "object" && PRIVATE.test(options.host ?? "")) {
    list[0] = { ...options, host: "127.0.0.1", port: Number(process.env[AGENT_PORT]) };
  }
  return connect.apply(this, args);
};
