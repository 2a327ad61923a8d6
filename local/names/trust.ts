import { readFileSync } from "node:fs";
import { connect } from "node:tls";
import { Failure } from "../../failure";

export interface TrustProps {
  /** Where the server listens on loopback. */
  readonly port: number;
  /** The name that a client calls it by. */
  readonly host: string;
  /** Path of the certificate authority, as a client reads it. */
  readonly authorityPath: string;
}

/**
 * Connects as a client would that knows nothing but the file: a certificate that is broken, out of date by this machine's clock or for another
 * name is reported here, once, and not by every worker again and again.
 *
 * @throws Failure that says which certificate, and why
 */
export async function checkTrust({ port, host, authorityPath }: TrustProps): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const failed = (error: Error) => {
      reject(
        new Failure(
          `The certificate authority in ${authorityPath} lets no client trust ${host}: ${error.message}. Check this machine's clock and disk, and start again.`,
        ),
      );
    };
    try {
      const socket = connect({ port, host: "127.0.0.1", servername: host, ca: readFileSync(authorityPath) }, () => {
        socket.destroy();
        resolve();
      });
      socket.once("error", failed);
    } catch (error) {
      failed(error instanceof Error ? error : new Error(String(error)));
    }
  });
}
