import { readFileSync } from "node:fs";
import { request } from "node:https";
import type { LocalAzure } from "../../local/local-azure";

/**
 * Asks the local Azure's Resource Manager for something, as an operator's tool would.
 *
 * @param path with its query
 * @throws Error with Azure's words where it refuses
 */
export async function manage(local: LocalAzure, method: string, path: string): Promise<void> {
  const { resourceManager, authority, authorityPath } = local;
  const { token } = authority.issue({ principalId: "operator", clientId: "operator" }, resourceManager.origin);
  const { status, text } = await new Promise<{ status: number; text: string }>((resolve, reject) => {
    const sent = request(
      `${resourceManager.origin}${path}`,
      { method, ca: readFileSync(authorityPath), headers: { authorization: `Bearer ${token}` } },
      (response) => {
        const chunks: Buffer[] = [];
        response.on("data", (chunk: Buffer) => chunks.push(chunk));
        response.once("end", () => {
          resolve({ status: response.statusCode ?? 0, text: Buffer.concat(chunks).toString() });
        });
      },
    );
    sent.once("error", reject);
    sent.end();
  });
  if (status >= 300) throw new Error(`${method} ${path} answered ${status}: ${text}`);
}
