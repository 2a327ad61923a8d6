const MANAGEMENT = /\/\$management$/i;

/** The node that a link's source or target names; nothing: a transaction's coordinator. Some clients write it with scheme and host: `amqps://<host>/queue1`. */
export function addressOf(terminus: unknown): string {
  const { address } = (terminus ?? {}) as { address?: unknown };
  return typeof address === "string" ? address.replace(/^[a-z]+:\/\/[^/]*\/?/i, "") : "";
}

/** Whether a node takes requests and answers them, as opposed to messages. */
export function takesRequests(node: string): boolean {
  return node === "$cbs" || MANAGEMENT.test(node);
}

/** The entity that a management node manages. */
export function managedBy(node: string): string {
  return node.replace(MANAGEMENT, "");
}
