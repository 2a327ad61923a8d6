import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createServer, type Server } from "node:tls";
import { CertificateAuthority } from "../../local/names/certificates";
import { checkTrust } from "../../local/names/trust";
import { Failure } from "../../failure";

const HOST = "lockdown-pc.servicebus.windows.net";

let folder: string;
let server: Server;
let port: number;
let authority: CertificateAuthority;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "locked-down-trust-"));
  authority = await CertificateAuthority.create();
  const { key, certificate } = await authority.identityFor([HOST]);
  server = createServer({ key, cert: certificate }, (socket) => socket.on("error", () => undefined));
  port = await new Promise<number>((done) => {
    server.listen(0, "127.0.0.1", () => {
      done((server.address() as AddressInfo).port);
    });
  });
});
afterAll(async () => {
  await new Promise((done) => server.close(done));
  rmSync(folder, { recursive: true });
});

function written(name: string, content: string): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

test("a client that knows the run's authority trusts its servers", async () => {
  await checkTrust({ port, host: HOST, authorityPath: written("good.pem", authority.certificate) });
});

test.each([
  ["is cut off", () => authority.certificate.slice(0, 200), HOST, /lets no client trust/],
  ["is another run's", async () => (await CertificateAuthority.create()).certificate, HOST, /lets no client trust/],
  ["is good, for a server of another name", () => authority.certificate, "other.example", /altnames/],
])("an authority that %s gets one line", async (what, content, host, reason) => {
  const authorityPath = written(`${what}.pem`, await content());
  const checking = checkTrust({ port, host, authorityPath });
  await expect(checking).rejects.toBeInstanceOf(Failure);
  await expect(checking).rejects.toThrow(reason);
  await expect(checking).rejects.toThrow(authorityPath);
  await expect(checking).rejects.not.toThrow(/\n/);
});

test("a missing file is reported in the same way", async () => {
  await expect(checkTrust({ port, host: HOST, authorityPath: join(folder, "none.pem") })).rejects.toThrow(Failure);
});
