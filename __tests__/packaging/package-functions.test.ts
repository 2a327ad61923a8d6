import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { unzipSync } from "fflate";
import { type Artifact, type Artifacts, packageFunctions } from "../../packaging/package-functions";

let folder: string;
let artifacts: Artifacts;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "packages-"));
  artifacts = packageFunctions(join(folder, "one"));
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

const APPS = ["producer", "consumer"] as const;

function unzipped(artifact: Artifact): string {
  const target = join(folder, "unzipped", artifact.hash);
  mkdirSync(target, { recursive: true });
  for (const [name, content] of Object.entries(unzipSync(readFileSync(artifact.path))))
    writeFileSync(join(target, name), content);
  return target;
}

test("the same sources make the same bytes, in every time zone", () => {
  const program = `const { packageFunctions } = require("./packaging/package-functions");
    process.stdout.write(JSON.stringify(packageFunctions(${JSON.stringify(join(folder, "two"))})));`;
  const { stdout, stderr } = spawnSync(process.execPath, ["--require", "tsx/cjs", "-e", program], {
    env: { ...process.env, TZ: "Pacific/Auckland" },
    encoding: "utf8",
  });
  expect(stderr).toBe("");
  const again = JSON.parse(stdout) as Artifacts;
  for (const kind of [...APPS, "publisher"] as const) {
    expect(again[kind].hash).toBe(artifacts[kind].hash);
    expect(readFileSync(again[kind].path).equals(readFileSync(artifacts[kind].path))).toBe(true);
  }
});

test("what was made of the same sources is not made again, unless it is no longer whole", () => {
  const outdir = join(folder, "one");
  const before = statSync(artifacts.consumer.path).mtimeMs;
  expect(packageFunctions(outdir)).toEqual(artifacts);
  expect(statSync(artifacts.consumer.path).mtimeMs).toBe(before);
  writeFileSync(artifacts.consumer.path, "half");
  expect(packageFunctions(outdir)).toEqual(artifacts);
  expect(statSync(artifacts.consumer.path).size).toBe(artifacts.consumer.size);
});

test.each(APPS)("the %s package is what App Service runs: host settings, entry point, telemetry beside it", (app) => {
  const files = unzipSync(readFileSync(artifacts[app].path));
  expect(Object.keys(files).sort()).toEqual(["NOTICES.txt", "host.json", "index.js", "package.json", "telemetry.js"]);
  const manifest = JSON.parse(Buffer.from(files["package.json"] ?? []).toString()) as { main: string };
  expect(manifest.main).toBe("index.js");
  const host = JSON.parse(Buffer.from(files["host.json"] ?? []).toString()) as { extensionBundle: { version: string } };
  expect(host.extensionBundle.version).toBe("[4.0.0, 5.0.0)");
});

test.each(APPS)("without telemetry the %s loads at most 2 MB of code", (app) => {
  expect(unzipSync(readFileSync(artifacts[app].path))["index.js"]?.byteLength).toBeLessThan(2_000_000);
});

test.each(APPS)("the %s package knows no place but Azure", (app) => {
  const text = Buffer.from(unzipSync(readFileSync(artifacts[app].path))["index.js"] ?? []).toString();
  for (const local of [
    "UseDevelopmentEmulator=true;",
    'customEndpointAddress:"',
    "NODE_EXTRA_CA_CERTS",
    process.cwd(),
  ]) {
    expect({ local, found: text.includes(local) }).toEqual({ local, found: false });
  }
});

describe("a package, loaded as Azure's worker does", () => {
  interface Registration {
    readonly name: string;
    readonly bindings: Record<string, unknown>[];
  }

  /** Loads index.js in a process of its own, with the module that Azure's worker injects; says what was registered. */
  function registered(app: (typeof APPS)[number], settings: Record<string, string>) {
    const index = join(unzipped(artifacts[app]), "index.js");
    const program = `
      const Module = require("node:module");
      const original = Module.prototype.require;
      const registered = [];
      const core = { version: "4", hostVersion: "4", registerFunction(metadata) { registered.push({ name: metadata.name, bindings: Object.values(metadata.bindings) }); return { dispose() {} }; },
        registerHook() { return { dispose() {} }; }, setProgrammingModel() {}, getProgrammingModel() {}, log() {}, Disposable: class { dispose() {} } };
      Module.prototype.require = function (id) { return id === "@azure/functions-core" ? core : original.call(this, id); };
      require(${JSON.stringify(index)});
      process.stdout.write(JSON.stringify(registered));
      process.exit(0);`;
    const { stdout, stderr, status } = spawnSync(process.execPath, ["-e", program], {
      env: { PATH: process.env.PATH, ...settings },
      encoding: "utf8",
    });
    return { status, stderr, functions: status === 0 ? (JSON.parse(stdout) as Registration[]) : [] };
  }

  test("the producer has its route and its health", () => {
    const { functions, stderr } = registered("producer", {
      ServiceBus__fullyQualifiedNamespace: "alias.servicebus.windows.net",
      ServiceBus__clientId: "id",
      PRODUCER_ENTITIES: '[{"name":"queue1","maxMessageBytes":1048576,"requiresSession":false}]',
      PRODUCER_LIMITS: '{"items":1000,"bytes":4194304}',
    });
    expect(stderr).toBe("");
    expect(functions).toEqual([
      {
        name: "messages",
        bindings: expect.arrayContaining([
          expect.objectContaining({ type: "httpTrigger", route: "messages/{entity}", methods: ["POST"] }),
        ]) as unknown,
      },
      {
        name: "health",
        bindings: expect.arrayContaining([
          expect.objectContaining({ type: "httpTrigger", route: "health" }),
        ]) as unknown,
      },
    ]);
  });

  test("the consumer has a trigger for each source", () => {
    const { functions } = registered("consumer", {
      ServiceBus__fullyQualifiedNamespace: "alias.servicebus.windows.net",
      ServiceBus__clientId: "id",
      CONSUMER_SOURCES: '["queue1;30","topic1/subscription1;30;sessions"]',
    });
    expect(functions.map(({ name }) => name)).toEqual(["queue-queue1", "topic-topic1__subscription1", "health"]);
    expect(functions[0]?.bindings).toContainEqual(
      expect.objectContaining({ type: "serviceBusTrigger", connection: "ServiceBus", queueName: "queue1" }),
    );
    expect(functions[1]?.bindings).toContainEqual(
      expect.objectContaining({
        type: "serviceBusTrigger",
        topicName: "topic1",
        subscriptionName: "subscription1",
        isSessionsEnabled: true,
      }),
    );
  });

  test("a missing setting is named where the app loads", () => {
    const { status, stderr } = registered("consumer", {});
    expect(status).not.toBe(0);
    expect(stderr).toContain("The app setting CONSUMER_SOURCES is missing.");
  });

  test("telemetry loads where there is a connection string, and takes what the functions report", () => {
    const telemetry = join(unzipped(artifacts.consumer), "telemetry.js");
    const program = `
      const { createTelemetry } = require(${JSON.stringify(telemetry)});
      const t = createTelemetry({ connectionString: "InstrumentationKey=00000000-0000-0000-0000-000000000000;IngestionEndpoint=https://127.0.0.1:9/", clientId: undefined });
      t.dependency({ name: "n", type: "t", target: "x", durationMs: 1, success: true, resultCode: "ok", traceParent: "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01" });
      t.exception(new Error("e"), undefined, {}); t.metric("m", 1, {});
      process.stdout.write("loaded"); process.exit(0);`;
    const { stdout } = spawnSync(process.execPath, ["-e", program], {
      env: { PATH: process.env.PATH, APPLICATION_INSIGHTS_NO_STATSBEAT: "1" },
      encoding: "utf8",
    });
    expect(stdout).toContain("loaded");
  });
});
