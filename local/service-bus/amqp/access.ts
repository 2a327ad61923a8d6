import type { Claim, Principal, TokenAuthority } from "../../identity/tokens";
import { ServiceBusFault } from "../errors";

const RESOURCE = "https://servicebus.azure.net";

/** What a broker asks of a namespace's surroundings about a caller. @param path the entity as a client names it: `queue1`, `topic1/Subscriptions/s` */
export type MayDo = (principal: Principal, action: "send" | "receive", path: string) => boolean;

/** The tokens that a connection has put, by what they are for (learn.microsoft.com/azure/service-bus-messaging/service-bus-amqp-protocol-guide). */
export class Access {
  private readonly claims = new Map<string, Claim>();

  constructor(
    private readonly authority: TokenAuthority,
    private readonly mayDo: MayDo,
    /** Whether the namespace has the entity; case does not matter. */
    private readonly exists: (path: string) => boolean,
  ) {}

  /** Whether any token was put. */
  get hasToken(): boolean {
    return this.claims.size > 0;
  }

  /**
   * @param audience `sb://<host>/<entity>`
   * @returns when the token ends, in milliseconds since the epoch
   * @throws ServiceBusFault where the token is not good, or there is no such entity
   */
  put(audience: string, type: string, token: string): number {
    if (type !== "jwt") {
      throw new ServiceBusFault(
        "amqp:unauthorized-access",
        "Local authentication is disabled for the namespace: Entra tokens only.",
      );
    }
    const claim = this.authority.claimOf(token, RESOURCE);
    if (!claim) throw new ServiceBusFault("amqp:unauthorized-access", "InvalidIssuer: the token is not valid here.");
    const path = pathOf(audience);
    if (path !== "" && !this.exists(path)) {
      throw new ServiceBusFault("amqp:not-found", `The messaging entity '${audience}' could not be found.`);
    }
    this.claims.set(path, claim);
    return claim.until;
  }

  /** Whether a token that covers the path, and has not ended, allows it. */
  allows(action: "send" | "receive", path: string): boolean {
    const wanted = `${path.toLowerCase()}/`;
    return [...this.claims].some(
      ([covered, { principal, until }]) =>
        until > Date.now() &&
        (covered === "" || wanted.startsWith(`${covered}/`)) &&
        this.mayDo(principal, action, path),
    );
  }

  /** @throws ServiceBusFault where no token that covers the path allows it */
  demand(action: "send" | "receive", path: string): void {
    if (this.allows(action, path)) return;
    const claim = action === "send" ? "Send" : "Listen";
    throw new ServiceBusFault(
      "amqp:unauthorized-access",
      `Unauthorized access. '${claim}' claim(s) are required to perform this operation. Resource: '${path}'.`,
    );
  }
}

function pathOf(audience: string): string {
  return audience
    .replace(/^[a-z]+:\/\/[^/]+\/?/i, "")
    .replace(/\/\$management$/i, "")
    .replace(/\/+$/, "")
    .toLowerCase();
}
