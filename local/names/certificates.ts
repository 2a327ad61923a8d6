import { randomBytes, webcrypto } from "node:crypto";
import { isIP } from "node:net";
import {
  BasicConstraintsExtension,
  cryptoProvider,
  KeyUsageFlags,
  KeyUsagesExtension,
  SubjectAlternativeNameExtension,
  X509CertificateGenerator,
} from "@peculiar/x509";

/** What a TLS server shows, in PEM. */
export interface ServerIdentity {
  readonly key: string;
  readonly certificate: string;
}

const ALGORITHM = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" } as const;
const DAY_MS = 86_400_000;

// Typed for browsers there.
cryptoProvider.set(webcrypto as never);

/** A certificate authority for one run. Only the processes of the run trust it, and its key is never written. */
export class CertificateAuthority {
  private serial = 1;

  private constructor(
    private readonly subject: string,
    private readonly keys: webcrypto.CryptoKeyPair,
    /** In PEM. */
    readonly certificate: string,
  ) {}

  static async create(): Promise<CertificateAuthority> {
    const keys = await newKeys();
    // A name of its own, so that a client that trusts two of them can distinguish them.
    const subject = `CN=local Azure ${randomBytes(4).toString("hex")}`;
    const certificate = await X509CertificateGenerator.createSelfSigned({
      serialNumber: "01",
      name: subject,
      ...validity(),
      signingAlgorithm: ALGORITHM,
      keys,
      extensions: [
        new BasicConstraintsExtension(true, 0, true),
        new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
      ],
    });
    return new CertificateAuthority(subject, keys, certificate.toString("pem"));
  }

  /** @param hosts the DNS names and addresses that the server answers to */
  async identityFor(hosts: readonly string[]): Promise<ServerIdentity> {
    const keys = await newKeys();
    this.serial += 1;
    const certificate = await X509CertificateGenerator.create({
      serialNumber: this.serial.toString(16).padStart(2, "0"),
      subject: "CN=local Azure server",
      issuer: this.subject,
      ...validity(),
      signingAlgorithm: ALGORITHM,
      publicKey: keys.publicKey,
      signingKey: this.keys.privateKey,
      extensions: [
        new BasicConstraintsExtension(false, undefined, true),
        new SubjectAlternativeNameExtension(
          hosts.map((value) => ({ type: isIP(value) === 0 ? ("dns" as const) : ("ip" as const), value })),
        ),
      ],
    });
    const der = Buffer.from(await webcrypto.subtle.exportKey("pkcs8", keys.privateKey));
    const lines = der.toString("base64").replace(/.{64}/g, "$&\n").trim();
    return {
      key: `-----BEGIN PRIVATE KEY-----\n${lines}\n-----END PRIVATE KEY-----\n`,
      certificate: certificate.toString("pem"),
    };
  }
}

function validity(): { notBefore: Date; notAfter: Date } {
  const now = Date.now();
  return { notBefore: new Date(now - DAY_MS), notAfter: new Date(now + 7 * DAY_MS) };
}

async function newKeys(): Promise<webcrypto.CryptoKeyPair> {
  return await webcrypto.subtle.generateKey(ALGORITHM, true, ["sign", "verify"]);
}
