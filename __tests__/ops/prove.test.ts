import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { UsageError } from "../../failure";
import { prove as proved, type ProveOptions } from "../../ops/proving/prove";
import { command } from "../support/command";

jest.setTimeout(120_000);

let folder: string;
let outdir: string;

/** Stacks as `npm run synth` writes them, and the same with one line changed by hand. */
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "prove-"));
  outdir = join(folder, "cdktf.out");
  const { status } = command("synth", [], { TOPOLOGY: "docs/examples/reference.json", CDKTF_OUTDIR: outdir });
  expect(status).toBe(0);
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

const prove = (...args: string[]) => command("prove", args, { CDKTF_OUTDIR: outdir });

/** Changes a text of a stack's file, and puts it back afterwards. */
function withEdit<T>(stack: string, text: string, other: string, work: () => T): T {
  const file = join(outdir, "stacks", stack, "cdk.tf.json");
  const before = readFileSync(file, "utf8");
  expect(before).toContain(text);
  writeFileSync(file, before.replace(text, other));
  try {
    return work();
  } finally {
    writeFileSync(file, before);
  }
}

test("the stacks as they are hold: exit code 0, and every claim is named", () => {
  const { status, stdout, stderr } = prove();
  expect([status, stderr]).toEqual([0, ""]);
  expect(stdout).toMatch(/^stacks: 9, places: \d+, classes of packets: \d+/);
  expect(stdout).toContain("✔ nothing-more");
  expect(stdout).toContain("Everything that was checked holds.");
});

test("a violation is named with its file and line; exit code 1, in JSON and SARIF too", () => {
  withEdit(
    "messaging-eastus2",
    '"public_network_access_enabled": false',
    '"public_network_access_enabled": true',
    () => {
      const sarif = join(folder, "result.sarif");
      const page = join(folder, "result.html");
      const { status, stdout } = prove("--sarif", sarif, "--html", page);
      expect(status).toBe(1);
      expect(stdout).toContain("✖ services-take-private-connections-only");
      expect(stdout).toMatch(
        /error: services-take-private-connections-only: lockdown-pc-eastus2 accepts connections from every address/,
      );
      expect(stdout).toMatch(/stacks\/messaging-eastus2\/cdk\.tf\.json:\d+/);
      expect(readFileSync(page, "utf8")).toContain("<strong>error: services-take-private-connections-only</strong>");
      const result = JSON.parse(readFileSync(sarif, "utf8")) as {
        runs: {
          results: { ruleId: string; locations: { physicalLocation?: { region: { startLine: number } } }[] }[];
        }[];
      };
      const found = result.runs[0]?.results.find(({ ruleId }) => ruleId === "services-take-private-connections-only");
      expect(found?.locations[0]?.physicalLocation?.region.startLine).toBeGreaterThan(1);
      const asJson = prove("--json");
      expect(asJson.status).toBe(1);
      expect(JSON.parse(asJson.stdout)).toMatchObject({ holds: false, unchecked: [] });
    },
  );
});

test("a suppression needs a reason, is listed, and one that fits nothing is named", () => {
  withEdit(
    "messaging-eastus2",
    '"public_network_access_enabled": false',
    '"public_network_access_enabled": true',
    () => {
      const file = join(folder, "suppressions.json");
      const entry = (claim: string, what = "lockdown-pc-") => ({
        claim,
        what,
        reason: "opened for the migration of March",
      });
      writeFileSync(
        file,
        JSON.stringify([
          entry("services-take-private-connections-only"),
          entry("the-pair-is-alike"),
          entry("no-network-rule-set", "has public access"),
          entry("nothing-more"),
        ]),
      );
      const { status, stdout } = prove("--suppressions", file);
      expect([status, stdout]).toEqual([0, expect.stringContaining("because opened for the migration of March")]);
      expect(stdout).toContain("A suppression fits nothing any more: nothing-more");
    },
  );
});

test("what is not modelled is named by its address: exit code 2", () => {
  withEdit(
    "network-eastus2",
    '"azurerm_public_ip": {',
    '"azurerm_nat_gateway": { "out": { "name": "out" } }, "azurerm_public_ip": {',
    () => {
      const { status, stdout } = prove();
      expect([status, stdout]).toEqual([
        2,
        expect.stringContaining("network-eastus2: azurerm_nat_gateway.out is not modelled"),
      ]);
    },
  );
});

test("a trace shows each stage with what decides, why, and the line", () => {
  const { status, stdout } = prove(
    ...["--from", "app lockdown-pc-producer-eastus2", "--to", "lockdown-pc.servicebus.windows.net", "--port", "5671"],
  );
  expect(status).toBe(0);
  expect(stdout).toMatch(
    /\d+\. security group out: integration-subnet-nsg: to-service-bus-amqps\n {4}the rule allows it at priority 120: .*\n {4}.*network-eastus2\/cdk\.tf\.json:\d+/,
  );
  expect(stdout).toMatch(/reaches lockdown-pc\.servicebus\.windows\.net \(10\.1\.2\.240\) on tcp 5671\n$/);
  const after = prove(
    ...[
      "--from",
      "app lockdown-pc-producer-eastus2",
      "--to",
      "lockdown-pc.servicebus.windows.net",
      "--port",
      "5671",
      "--failed-over",
    ],
  );
  expect(after.stdout).toMatch(/\(10\.1\.2\.241\) on tcp 5671\n$/);
  const denied = prove(...["--from", "10.1.2.7", "--to", "10.3.2.240", "--port", "5671"]);
  expect(denied.stdout).toMatch(/deny-all-outbound[\s\S]*cannot reach 10\.3\.2\.240 on tcp 5671\n$/);
});

test("the matrix is one text, and JSON", () => {
  const { stdout } = prove("--matrix");
  expect(stdout).toMatch(/^from eastus2\/spoke-vnet\/workload-subnet \(10\.1\.2\.4-/m);
  expect(stdout).toMatch(/^ {2}reaches {3}endpoint EasttoEast on tcp 5671$/m);
  const { ways } = JSON.parse(prove("--matrix", "--json").stdout) as { ways: { verdict: string }[] };
  expect(new Set(ways.map(({ verdict }) => verdict))).toEqual(new Set(["reaches", "cannot"]));
});

test("what two sets of stacks change is ways, names and rights, and nothing else", () => {
  const other = join(folder, "other.out");
  command("synth", [], { TOPOLOGY: "docs/examples/reference.json", CDKTF_OUTDIR: other });
  expect(prove("--against", other).stdout).toBe("No way, no name and no right changes.\n");
  // A rule that is only called otherwise changes nothing.
  withEdit("network-eastus2", '"name": "deny-all-outbound"', '"name": "deny-the-rest"', () => {
    expect(prove("--against", other).stdout).toBe("No way, no name and no right changes.\n");
  });
  withEdit("workload-eastus2", '"Azure Service Bus Data Receiver"', '"Azure Service Bus Data Owner"', () => {
    const { stdout } = prove("--against", other);
    expect(stdout.split("\n").filter((line) => line !== "")).toEqual([
      expect.stringMatching(/^- right: lockdown-pc-consumer-eastus2: Azure Service Bus Data Receiver on /),
      expect.stringMatching(/^\+ right: lockdown-pc-consumer-eastus2: Azure Service Bus Data Owner on /),
    ]);
  });
});

test("wrong options are one clear error: exit code 2, and nothing else is printed", () => {
  const { status, stdout, stderr } = prove("--from", "nowhere", "--to", "10.1.2.240", "--port", "443");
  expect([status, stdout]).toEqual([2, ""]);
  expect(stderr).toMatch(/--from: "nowhere" is no place\. The places are:/);
});

test.each<readonly [Partial<ProveOptions>, RegExp]>([
  [{ from: "app lockdown-pc-producer-eastus2" }, /A trace needs --to and --port, too/],
  [
    { from: "workload", to: "10.1.2.240", port: "443" },
    /"workload" is a part of several names\. Name one of them:\n {2}centralus/,
  ],
  [{ from: "10.99.0.1", to: "10.1.2.240", port: "443" }, /no host of the stacks can have the address 10\.99\.0\.1/],
  [{ from: "10.1.2.7", to: "10.1.2.240", port: "many" }, /--port many --protocol tcp: many is no port/],
  [{ from: "10.1.2.7", to: "10.999.1.1", port: "443" }, /--to "10\.999\.1\.1" is no host name and no IPv4/],
  [{ from: "10.1.2.7", to: "10.1.2.240:443", port: "443" }, /Write the port as --port/],
  [{ from: "10.1.2.7", to: "", port: "443" }, /--to "" is no host name/],
  [{ matrix: true, html: "x.html" }, /Ask one thing at a time: --matrix; or --sarif and --html/],
  [
    { from: "10.1.2.7", to: "10.1.2.240", port: "443", against: "x" },
    /Ask one thing at a time: --from, --to and --port; or --against/,
  ],
  [{ suppressions: "no-such-file" }, /--suppressions no-such-file is no file/],
  [{ plan: ["no-such-file"] }, /The plan no-such-file cannot be read/],
  [{ html: "no-such-folder/x.html" }, /--html no-such-folder\/x\.html cannot be written/],
  [{ sarif: "no-such-folder/x.sarif" }, /--sarif no-such-folder\/x\.sarif cannot be written/],
  [{ claims: "no-such-file" }, /--claims no-such-file cannot be read/],
  [{ stacks: "no-such-folder" }, /--stacks: There is no .*no-such-folder\/manifest\.json/],
  [{ against: "no-such-folder" }, /--against: There is no .*no-such-folder\/manifest\.json/],
  [{ failedOver: true }, /--failed-over belongs to --from, --to and --port/],
  [{ matrix: true, claims: "package.json" }, /--claims declares what is checked, and nothing is checked here/],
  [{ from: "10.1.2.7", to: "10.1.2.240", port: "443", protocol: "icmp" }, /icmp has no ports/],
])("%j is one clear error", async (options, message) => {
  const asked = proved({ protocol: "tcp", ...(options.plan ? {} : { stacks: outdir }), ...options });
  await expect(asked).rejects.toThrow(message);
  await expect(asked).rejects.toBeInstanceOf(UsageError);
});

test("every mistake of a file that declares flows is named, with where it is", async () => {
  const file = join(folder, "flows.json");
  const flow = { from: "app lockdown-pc-producer-eastus2", ports: [443], why: "w" };
  writeFileSync(
    file,
    JSON.stringify({
      flows: [
        { ...flow, to: ["a.b.c"], ports: [99999] },
        flow,
        { ...flow, to: ["10.1.2.4"], hosts: ["x.example.com"] },
        { ...flow, hosts: ["???"], why: "" },
      ],
    }),
  );
  const asked = proved({ protocol: "tcp", stacks: outdir, claims: file });
  for (const message of [
    /flows\.0\.to\.0: a\.b\.c is no IPv4/,
    /flows\.0\.ports\.0: 99999 is no port/,
    /flows\.1: expected either "to"/,
    /flows\.2: expected either "to"/,
    /flows\.3\.hosts\.0: expected a host name/,
    /flows\.3\.why: expected the reason/,
  ])
    await expect(asked).rejects.toThrow(message);
  writeFileSync(file, JSON.stringify({ flows: [{ ...flow, from: "nowhere", to: ["10.1.2.4"] }] }));
  await expect(proved({ protocol: "tcp", stacks: outdir, claims: file })).rejects.toThrow(
    /flows\.json: flows\.0\.from: "nowhere" is no place/,
  );
});

describe("what is not modelled", () => {
  const gateway = '"resource": {\n    "azurerm_nat_gateway": { "gateway": { "name": "gateway" } },';
  const lacking = <T>(work: () => T) => withEdit("network-eastus2", '"resource": {', gateway, work);
  const NAMED = /Nothing is proved\. Not in the model:\n {2}network-eastus2: azurerm_nat_gateway\.gateway: it changes/;

  test.each<readonly [string, readonly string[]]>([
    ["a trace", ["--from", "10.1.2.130", "--to", "10.1.2.240", "--port", "444"]],
    ["the matrix", ["--matrix"]],
    ["the claims", []],
  ])("%s ends with 2 and names it", (_, args) => {
    const { status, stderr } = lacking(() => prove(...args));
    expect(status).toBe(2);
    expect(stderr).toMatch(NAMED);
  });

  test("the difference lists it, whichever side has it", () => {
    const other = join(folder, "without-gateway.out");
    cpSync(outdir, other, { recursive: true });
    const added = lacking(() => prove("--against", other));
    expect([added.status, added.stdout]).toEqual([
      2,
      expect.stringMatching(/^\+ not modelled: network-eastus2: azurerm_nat_gateway\.gateway: .*\n$/),
    ]);
    expect(added.stderr).toMatch(NAMED);
  });

  test("the walk-through refuses", () => {
    const { status, stderr } = lacking(() => command("walkthrough", [], { CDKTF_OUTDIR: outdir }));
    expect([status, stderr]).toEqual([2, expect.stringMatching(NAMED)]);
  });
});

test("a reference to what is not there is one finding with its file and line", () => {
  const reference = "${azurerm_virtual_network.spoke_vnet_";
  const { stdout } = withEdit("network-eastus2", reference, "${azurerm_virtual_network.gone_", () => prove());
  expect(stdout).toMatch(/the-model-is-whole: This could not be checked: network-eastus2: .* refers to .*gone_/);
  expect(stdout).toMatch(/stacks\/network-eastus2\/cdk\.tf\.json:\d+/);
});

test("a finding of a rule has its file and line", () => {
  const { stdout } = withEdit("network-eastus2", '"NxDomainRedirect"', '"Default"', () => prove());
  expect(stdout).toMatch(/stacks\/network-eastus2\/cdk\.tf\.json:\d+/);
});

test("a question about several ports says which reach; an app's trace ends with its right", () => {
  const ports = prove("--from", "10.1.2.130", "--to", "10.1.2.240", "--port", "5671-5672");
  expect(ports.stdout).toContain("it depends on the port: this holds for tcp 5671, and not for tcp 5672");
  expect(ports.stdout).toMatch(/reaches in part 10\.1\.2\.240 on tcp 5671-5672\n$/);
  const host = prove("--from", "10.1.2.130", "--to", "8.8.8.8", "--port", "443");
  expect(host.stdout).toContain("whether it is AzureActiveDirectory, login.microsoftonline.com is not known");
  // Of port 443 it is not known either.
  const both = prove("--from", "10.1.2.130", "--to", "8.8.8.8", "--port", "443-444");
  expect(both.stdout).toMatch(/may or may not reach 8\.8\.8\.8 on tcp 443-444\n$/);
  const consumer = "app lockdown-pc-consumer-eastus2";
  const own = prove("--from", consumer, "--to", "lockdown-pc-eastus2.servicebus.windows.net", "--port", "5671");
  expect(own.stdout).toMatch(/role: Azure Service Bus Data Receiver, .*\n.*so it may send and receive/);
  const other = prove("--from", consumer, "--to", "lockdown-pc-centralus.servicebus.windows.net", "--port", "5671");
  expect(other.stdout).toContain("lockdown-pc-centralus refuses the app's identity");
});

test("the walk-through, and the checks that were made by hand", () => {
  const walk = command("walkthrough", [], { CDKTF_OUTDIR: outdir });
  expect([walk.status, walk.stderr]).toEqual([0, ""]);
  expect(walk.stdout).toMatch(/^Producer Flow\n {2}1\. ✔ /);
  const checks = command("walkthrough", ["--checks"], { CDKTF_OUTDIR: outdir });
  expect(checks.status).toBe(0);
  expect(checks.stdout.trim().split("\n")).toHaveLength(45);
});
