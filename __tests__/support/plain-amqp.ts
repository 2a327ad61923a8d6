import { type Connection, type Container, create_container } from "rhea";
import type { BrokerUnderTest } from "./local";

/** A connection by plain AMQP, for what the SDK for JavaScript never does. @param username none: without SASL */
export function plainConnection(
  { broker }: Pick<BrokerUnderTest, "broker">,
  { username }: { readonly username?: string } = { username: "anonymous" },
): { readonly container: Container; readonly connection: Connection } {
  const container = create_container();
  const connection = container.connect({
    host: "localhost",
    hostname: "primary.servicebus.windows.net",
    port: broker.port("primary"),
    transport: "tls",
    rejectUnauthorized: false,
    reconnect: false,
    ...(username === undefined ? {} : { username }),
  });
  return { container, connection };
}
