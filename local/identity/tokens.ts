import { randomBytes } from "node:crypto";
import { sign, verify } from "jsonwebtoken";

/** Who a token is for. */
export interface Principal {
  readonly principalId: string;
  readonly clientId: string;
}

/** What a token says. */
export interface Claim {
  readonly principal: Principal;
  /** When it ends, in milliseconds since the epoch. */
  readonly until: number;
}

const LIFETIME_SECONDS = 86_400;

/** Replaces Entra: issues tokens for one run, and recognizes them. */
export class TokenAuthority {
  private readonly secret = randomBytes(32);

  /** @param resource the audience, as a caller names it: `https://servicebus.azure.net` */
  issue(
    { principalId, clientId }: Principal,
    resource: string,
    lifetimeSeconds = LIFETIME_SECONDS,
  ): { token: string; expiresOn: number } {
    const token = sign({ oid: principalId, appid: clientId, tid: "local" }, this.secret, {
      audience: withoutSlash(resource),
      expiresIn: lifetimeSeconds,
      issuer: "https://sts.windows.net/local/",
      subject: principalId,
    });
    return { token, expiresOn: Math.floor(Date.now() / 1000) + lifetimeSeconds };
  }

  /** Whose the token is, or nothing where it was not issued here, has expired or is for another audience. */
  principalOf(token: string, resource: string): Principal | undefined {
    return this.claimOf(token, resource)?.principal;
  }

  /** The same, with when it ends, in milliseconds since the epoch. */
  claimOf(token: string, resource: string): Claim | undefined {
    try {
      const claims = verify(token, this.secret, { audience: withoutSlash(resource), algorithms: ["HS256"] });
      if (typeof claims === "string" || typeof claims.oid !== "string" || typeof claims.appid !== "string")
        return undefined;
      const principal = { principalId: claims.oid, clientId: claims.appid };
      return { principal, until: (claims.exp ?? 0) * 1_000 };
    } catch {
      return undefined;
    }
  }
}

function withoutSlash(resource: string): string {
  return resource.replace(/\/+$/, "");
}
