import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { credentialFrom } from "../../operator/credential";
import { publish } from "../../packaging/publish/publish";
import { sitePublicationFrom } from "../../packaging/publish/site-publication";

const SITE = "/subscriptions/s/resourceGroups/g/providers/Microsoft.Web/sites/app";
const SCM = "app-x7.scm.eastus2-01.azurewebsites.net";

let folder: string;
let asked: { url: string; init: RequestInit | undefined }[];
let lines: string[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "publish-"));
  writeFileSync(join(folder, "producer.zip"), "the package");
  asked = [];
  lines = [];
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
  jest.restoreAllMocks();
});

type Answers = (url: URL, init: RequestInit | undefined) => Response | Error;

/**
 * Resource Manager and the site's SCM host, at the edge: fetch.
 *
 * @param deployments what the site has already
 */
function answering(answers: Answers, deployments: Answers = () => json([])): void {
  jest.spyOn(globalThis, "fetch").mockImplementation((input, init) => {
    const url = new URL(input instanceof Request ? input.url : input);
    const listed = url.host === SCM && url.pathname === "/api/deployments";
    if (!listed) asked.push({ url: url.href, init });
    const answer = (listed ? deployments : answers)(url, init);
    return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
  });
}

const json = (body: object, init?: ResponseInit) => new Response(JSON.stringify(body), init);
const site = () =>
  json({
    properties: {
      hostNameSslStates: [
        { name: "app.azurewebsites.net", hostType: "Standard" },
        { name: SCM, hostType: "Repository" },
      ],
    },
  });

/** @param timeoutMs long, so that a slow machine does not end what passes */
function publishing(environment: NodeJS.ProcessEnv = {}, token?: () => Promise<string>, timeoutMs = 30_000) {
  const target = sitePublicationFrom({
    PUBLISH_SITE_ID: SITE,
    PUBLISH_PACKAGE: join(folder, "producer.zip"),
    PUBLISH_PACKAGE_HASH: "0123456789abcdef",
    ...environment,
  });
  const credential = {
    getToken: async (scope: string | string[]) => ({
      token: token ? await token() : `token for ${String(scope)}`,
      expiresOnTimestamp: 0,
    }),
  };
  return publish(target, { report: (line) => lines.push(line), credential, pollMs: 1, retryMs: 1, timeoutMs });
}

test("finds the SCM host, posts the package with an Entra token, and waits until the site has deployed it", async () => {
  const states = [json({ status: 1, complete: false }), json({ status: 4, complete: true })];
  answering((url, init) => {
    if (url.host === "management.azure.com") return site();
    if (init?.method === "POST")
      return new Response(null, { status: 202, headers: { location: `https://${SCM}/api/deployments/7` } });
    return states.shift() ?? new Error("asked too often");
  });
  await publishing();
  expect(asked.map(({ url }) => url)).toEqual([
    `https://management.azure.com${SITE}?api-version=2023-12-01`,
    `https://${SCM}/api/zipdeploy?isAsync=true&message=0123456789abcdef`,
    `https://${SCM}/api/deployments/7`,
    `https://${SCM}/api/deployments/7`,
  ]);
  const [, posted] = asked;
  expect(posted?.init?.headers).toMatchObject({
    authorization: "Bearer token for https://management.azure.com/.default",
  });
  expect(Buffer.from(posted?.init?.body as Uint8Array).toString()).toBe("the package");
  expect(lines).toEqual([expect.stringContaining("Publishing producer.zip"), `producer.zip runs on ${SCM}`]);
});

test.each<[string, Answers, RegExp]>([
  [
    "the site refuses for ever",
    (url) => (url.host === "management.azure.com" ? site() : new Response("Ip Forbidden", { status: 403 })),
    /answered 403: Ip Forbidden/,
  ],
  [
    "the deployment fails",
    (url, init) =>
      url.host === "management.azure.com"
        ? site()
        : init?.method === "POST"
          ? new Response(null, { status: 202 })
          : json({ status: 3, status_text: "package is broken" }),
    /could not deploy producer\.zip: package is broken/,
  ],
  [
    "the deployment never ends",
    (url, init) =>
      url.host === "management.azure.com"
        ? site()
        : init?.method === "POST"
          ? new Response(null, { status: 202 })
          : json({ status: 1 }),
    /had not finished/,
  ],
  [
    "the app is not there",
    () => json({ error: { code: "ResourceNotFound" } }, { status: 404 }),
    /answered 404: .*ResourceNotFound/,
  ],
  ["the app has no SCM host", () => json({ properties: {} }), /has no SCM host/],
  [
    "the SCM host cannot be reached",
    (url) =>
      url.host === "management.azure.com"
        ? site()
        : Object.assign(new TypeError("fetch failed"), { cause: new Error("getaddrinfo ENOTFOUND") }),
    /cannot be reached \(getaddrinfo ENOTFOUND\)\. The SCM host has a private address only/,
  ],
])("fails loudly where %s", async (_, answers, message) => {
  answering(answers);
  await expect(publishing({}, undefined, 50)).rejects.toThrow(message);
});

describe("the token goes to Resource Manager and to the site's own SCM host, by https", () => {
  test.each([
    ["another host", "https://elsewhere.example/api/deployments/7"],
    ["plain http", `http://${SCM}/api/deployments/7`],
    ["plain http on another port", `http://${SCM}:8080/api/deployments/7`],
    ["another port", `https://${SCM}:8443/api/deployments/7`],
    ["a host that only begins like it", `https://${SCM}.elsewhere.example/api/deployments/7`],
    ["a host behind a user's name", `https://${SCM}@elsewhere.example/api/deployments/7`],
    ["no URL", "https://"],
  ])("a Location with %s is an error", async (_, location) => {
    answering((url, init) => {
      if (url.host === "management.azure.com") return site();
      if (init?.method === "POST") return new Response(null, { status: 202, headers: { location } });
      return json({ status: 4, complete: true });
    });
    await expect(publishing()).rejects.toThrow(/Only https:.* gets the token/);
    expect(asked.map(({ url }) => new URL(url).host)).toEqual(["management.azure.com", SCM]);
  });

  test("a Location without a host is one of the site's own", async () => {
    answering((url, init) => {
      if (url.host === "management.azure.com") return site();
      if (init?.method === "POST")
        return new Response(null, { status: 202, headers: { location: "/api/deployments/7" } });
      return json({ status: 4, complete: true });
    });
    await publishing();
    expect(asked.at(-1)?.url).toBe(`https://${SCM}/api/deployments/7`);
  });

  test.each([
    ["Resource Manager", "management.azure.com"],
    ["the site", SCM],
  ])("a redirect of %s is an error, and not followed", async (_, host) => {
    answering((url) => {
      if (url.host === host)
        return new Response(null, { status: 307, headers: { location: "https://elsewhere.example/" } });
      return url.host === "management.azure.com" ? site() : json({ status: 4, complete: true });
    });
    await expect(publishing()).rejects.toThrow(/a redirect to https:\/\/elsewhere\.example\/\. It is not followed/);
    expect(asked.at(-1)?.init?.redirect).toBe("manual");
  });
});

describe("what passes is waited for", () => {
  const BROKEN = Object.assign(new TypeError("fetch failed"), { cause: new Error("read ECONNRESET") });

  test.each<[string, Response | Error]>([
    ["403 of a new endpoint", new Response("Ip Forbidden", { status: 403 })],
    ["404 of a new record", new Response(null, { status: 404 })],
    ["409 of another deployment", new Response(null, { status: 409 })],
    ["429", new Response(null, { status: 429 })],
    ["520 of a proxy", new Response(null, { status: 520 })],
    ["503", new Response(null, { status: 503 })],
    ["a broken connection", BROKEN],
  ])("%s, at the first look, at the push and while polling", async (_, trouble) => {
    const again = () => (trouble instanceof Error ? trouble : trouble.clone());
    const looks: (Response | Error)[] = [again(), json([])];
    const pushes: (Response | Error)[] = [again(), again(), new Response(null, { status: 202 })];
    const states: (Response | Error)[] = [again(), json({ status: 4 })];
    answering(
      (url, init) => {
        if (url.host === "management.azure.com") return site();
        return (init?.method === "POST" ? pushes : states).shift() ?? new Error("asked too often");
      },
      () => looks.shift() ?? json([]),
    );
    await publishing();
    expect([looks, pushes, states]).toEqual([[], [], []]);
    expect(lines.filter((line) => line.includes("again in"))).toHaveLength(4);
  });

  test("a push whose answer is lost is not made again where the site has it", async () => {
    let pushed = 0;
    answering(
      (url, init) => {
        if (url.host === "management.azure.com") return site();
        if (init?.method === "POST") {
          pushed += 1;
          return BROKEN;
        }
        return url.pathname === "/api/deployments/new" ? json({ status: 4 }) : new Error(`asked for ${url.pathname}`);
      },
      () =>
        json([
          { id: "old", message: "0123456789abcdef", status: 4 },
          ...(pushed > 0 ? [{ id: "new", message: "0123456789abcdef", status: 1 }] : []),
        ]),
    );
    await publishing();
    expect(pushed).toBe(1);
  });

  test("an answer that ends in its middle, and a page of a proxy in its place, are asked for again", async () => {
    const cut = new ReadableStream({
      start(controller) {
        controller.error(new TypeError("terminated"));
      },
    });
    const states = [new Response(cut), new Response("<html>starting</html>"), json({ status: 4 })];
    answering((url, init) => {
      if (url.host === "management.azure.com") return site();
      return init?.method === "POST" ? new Response(null, { status: 202 }) : (states.shift() ?? new Error("too often"));
    });
    await publishing();
    expect(states).toEqual([]);
  });

  test.each([
    ["a credential", Object.assign(new Error("read ECONNRESET"), { code: "ECONNRESET" })],
    ["the directory's host", new Error("network_error: getaddrinfo EAI_AGAIN login.microsoftonline.com")],
  ])("a broken connection of %s", async (_, trouble) => {
    answering((url, init) => {
      if (url.host === "management.azure.com") return site();
      if (init?.method === "POST") return new Response(null, { status: 202 });
      return json({ status: 4, complete: true });
    });
    let asked = 0;
    await publishing({}, () => ((asked += 1) === 1 ? Promise.reject(trouble) : Promise.resolve("a token")));
    expect([asked, lines[0]]).toEqual([2, expect.stringContaining("no token yet")]);
  });

  test("what the directory refuses is not asked for again", async () => {
    answering(() => new Error("not asked"));
    const refused = new Error("AADSTS700213: No matching federated identity record found");
    await expect(publishing({}, () => Promise.reject(refused))).rejects.toBe(refused);
  });

  test("an app that is not there is not waited for", async () => {
    answering(() => json({ error: { code: "ResourceNotFound" } }, { status: 404 }));
    await expect(publishing()).rejects.toThrow("ResourceNotFound");
    expect(asked).toHaveLength(1);
  });
});

test("another cloud's hosts come from its metadata host", async () => {
  answering((url, init) => {
    if (url.pathname === "/metadata/endpoints")
      return json({
        resourceManager: "https://arm.example/",
        authentication: { loginEndpoint: "https://login.example/" },
      });
    if (url.host === "arm.example") return site();
    return init?.method === "POST" ? new Response(null, { status: 202 }) : json({ status: 4 });
  });
  await publishing({ ARM_METADATA_HOSTNAME: "metadata.example" });
  expect(asked.map(({ url }) => new URL(url).host)).toEqual(["metadata.example", "arm.example", SCM, SCM]);
});

test("what the stack has to say is asked for by name", () => {
  expect(() => sitePublicationFrom({})).toThrow("PUBLISH_SITE_ID is not set");
});

describe("the credential is the one azurerm would use", () => {
  const tenant = { ARM_TENANT_ID: "tenant", ARM_CLIENT_ID: "client" };
  test.each([
    ["a client secret", { ...tenant, ARM_CLIENT_SECRET: "x" }, "ClientSecretCredential"],
    ["OIDC", { ...tenant, ARM_USE_OIDC: "true", ARM_OIDC_TOKEN: "x" }, "ClientAssertionCredential"],
    ["a managed identity", { ARM_USE_MSI: "true" }, "ManagedIdentityCredential"],
    ["the Azure CLI's login", {}, "AzureCliCredential"],
  ])("%s", (_, environment, kind) => {
    expect(credentialFrom(environment, "https://login.microsoftonline.com").constructor.name).toBe(kind);
  });

  test("what is missing is named", () => {
    expect(() =>
      credentialFrom({ ARM_CLIENT_SECRET: "x", ARM_CLIENT_ID: "client" }, "https://login.microsoftonline.com"),
    ).toThrow("ARM_TENANT_ID is not set");
  });
});
