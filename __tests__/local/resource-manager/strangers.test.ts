import { request } from "node:https";
import { gzipSync } from "node:zlib";
import { unzip } from "../../../local/unzip";
import { Azure } from "../../../local/azure/azure";
import { TokenAuthority } from "../../../local/identity/tokens";
import { Ingestion } from "../../../local/monitoring/ingestion";
import { CertificateAuthority } from "../../../local/names/certificates";
import { zipSync } from "fflate";
import { resourceManager, type ResourceManagerUnderTest } from "../../support/resource-manager";

/** What another process of the machine may try that finds a port. */
let under: ResourceManagerUnderTest;
beforeAll(async () => {
  under = await resourceManager();
});
afterAll(() => under.stop());

const signIn = async (secret?: string) =>
  await fetch(`${under.manager.origin}/tenant/oauth2/v2.0/token`, {
    method: "POST",
    body: new URLSearchParams({
      client_id: "client",
      scope: `${under.manager.origin}/.default`,
      ...(secret === undefined ? {} : { client_secret: secret }),
    }),
  });

test("only this run's secret signs in: a token lets code be deployed, which then runs", async () => {
  for (const secret of [undefined, "", "nobody-checks-it", `${under.manager.clientSecret}x`]) {
    const answer = await signIn(secret);
    expect([answer.status, ((await answer.json()) as { error: string }).error]).toEqual([401, "invalid_client"]);
  }
  const { access_token: token } = (await (await signIn(under.manager.clientSecret)).json()) as { access_token: string };
  const subscriptions = await fetch(`${under.manager.origin}/subscriptions/s/resourceGroups?api-version=2024-01-01`, {
    headers: { authorization: `Bearer ${token}` },
  });
  expect(subscriptions.status).toBe(200);
});

test("each run has another secret", async () => {
  const other = await resourceManager();
  try {
    expect(other.manager.clientSecret).not.toBe(under.manager.clientSecret);
    expect(under.manager.clientSecret.length).toBeGreaterThanOrEqual(32);
  } finally {
    await other.stop();
  }
});

test.each(["/subscriptions/%ff?api-version=2024-01-01", "/subscriptions/%c3%28/resourceGroups/%"])(
  "a path that is no text is a 400, and no error of the local Azure's own: %s",
  async (path) => {
    const answer = await fetch(`${under.manager.origin}${path}`, {
      headers: { authorization: `Bearer ${under.token}` },
    });
    expect(answer.status).toBe(400);
    expect(under.manager.failures).toEqual([]);
  },
);

test("a zip archive that unpacks to more than any package has is not unpacked", () => {
  const content = zipSync({ "a.bin": new Uint8Array(600_000), "b.bin": new Uint8Array(600_000) });
  expect(content.length).toBeLessThan(10_000);
  expect(() => unzip(content, 1_000_000)).toThrow("is over 1000000 bytes from b.bin on");
  expect(Object.keys(unzip(zipSync({ "a.bin": new Uint8Array(1_000) })))).toEqual(["a.bin"]);
});

describe("telemetry's ingestion", () => {
  let ingestion: Ingestion;
  let token: string;
  beforeAll(async () => {
    const authority = new TokenAuthority();
    const certificates = await CertificateAuthority.create();
    ingestion = await Ingestion.start(new Azure(), authority, certificates);
    ({ token } = authority.issue({ principalId: "app", clientId: "app" }, "https://monitor.azure.com"));
  });
  afterAll(() => ingestion.stop());

  const post = (body: Buffer, authorization?: string) =>
    new Promise<number | undefined>((resolve, reject) => {
      const headers = { "content-encoding": "gzip", ...(authorization === undefined ? {} : { authorization }) };
      const options = { port: ingestion.port, host: "127.0.0.1", method: "POST", headers, rejectUnauthorized: false };
      const sent = request(options, (answer) => {
        answer.resume();
        resolve(answer.statusCode);
      });
      sent.once("error", reject).end(body);
    });
  const bomb = () => gzipSync(Buffer.alloc(200_000_000, 0x20));

  test("unpacks nothing for who has no token", async () => {
    const before = process.memoryUsage().rss;
    expect(await post(bomb())).toBe(401);
    expect(process.memoryUsage().rss - before).toBeLessThan(400_000_000);
  });

  test("unpacks no more than Azure takes", async () => {
    expect(await post(bomb(), `Bearer ${token}`)).toBe(400);
  });
});
