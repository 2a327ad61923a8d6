import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { AZURE_RESOLVER } from "../../../azure-facts/addresses";
import { listedZone } from "../../../constructs/network/listed-zone";
import { namedConf } from "../../../constructs/network/named-conf";
import { all } from "../../../synthesized/resources";
import { forwarderAddresses } from "../../../topology/addresses";
import { build } from "../../support/build";
import { canUnshare, environment, has, inNetworkOfItsOwn, testWhere } from "../../support/programs";
import { forwardersOf, type StampInput, topologyWith } from "../../support/topologies";

const bind = has("named") && has("named-checkconf") && has("dig");
const BIND_MISSING = "named, named-checkconf or dig is missing: apt-get install bind9 bind9-utils bind9-dnsutils";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "named-"));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** What East's first forwarder gets, cut out of its run command: BIND's configuration and the zone of listed names. */
function deployed(change: (stamp: StampInput) => void = () => undefined): { conf: string; zone: string } {
  const stacks = build(
    topologyWith((stamp) => {
      forwardersOf(stamp).conditionalForwards = [{ zone: "corp.example.com", servers: ["192.168.0.10"] }];
      change(stamp);
    }),
  );
  const command = all(stacks, "azurerm_virtual_machine_run_command").find(
    ({ stack, id }) => stack.name === "network-eastus2" && id.startsWith("dns_configure-1"),
  );
  const { script } = command?.block.source as { script: string };
  const cut = (mark: string) => new RegExp(`<< '${mark}'\n([\\s\\S]*?)\n${mark}\n`).exec(script)?.[1] ?? "";
  return { conf: cut("NAMED_CONF"), zone: cut("LISTED_ZONE") };
}

test("hub and spoke are answered, and no other; everything goes to Azure's resolver but the zones that are listed", () => {
  const conf = namedConf({
    address: "10.0.2.4",
    clients: ["10.0.0.0/16", "10.1.0.0/16"],
    conditionalForwards: [{ zone: "corp.example.com", servers: ["192.168.0.10", "192.168.0.11"] }],
    listed: false,
  });
  expect(conf).not.toContain("response-policy");
  expect(conf).toMatch(/acl clients \{\s+127\.0\.0\.1;\s+10\.0\.0\.0\/16;\s+10\.1\.0\.0\/16;\s+\};/);
  for (const who of ["allow-query", "allow-query-cache", "allow-recursion"])
    expect(conf).toContain(`${who} { clients; };`);
  expect(conf).toContain(`forwarders { ${AZURE_RESOLVER}; };`);
  expect(conf).toMatch(
    /zone "corp\.example\.com" \{\s+type forward;\s+forward only;\s+forwarders \{ 192\.168\.0\.10; 192\.168\.0\.11; \};/,
  );
});

test("what is listed is what flows lead to, and no more", () => {
  const listed = (change?: (stamp: StampInput) => void) =>
    deployed(change)
      .zone.split("\n")
      .flatMap((line) => /^(\S+) CNAME rpz-passthru\.$/.exec(line)?.[1] ?? []);
  const names = listed();
  expect(names).toEqual(
    expect.arrayContaining([
      "lockdown-pc.servicebus.windows.net",
      "lockdown-pc-eastus2.servicebus.windows.net",
      "lockdown-pc-centralus.servicebus.windows.net",
      "lockdown-pc-producer-eastus2.azurewebsites.net",
      "lockdown-pc-producer-eastus2.scm.azurewebsites.net",
      "*.in.applicationinsights.azure.com",
      "management.azure.com",
      "corp.example.com",
      "*.corp.example.com",
    ]),
  );
  expect(names.filter((name) => name.endsWith(".core.windows.net"))).toHaveLength(6);
  // The forwarders themselves ask Azure's resolver.
  expect(names.join()).not.toContain("ubuntu");
  const without = listed((stamp) => {
    stamp.access = {};
    stamp.extensionBundlesFromCdn = false;
  });
  expect(names.filter((name) => !without.includes(name)).sort()).toEqual([
    "cdn.functions.azure.com",
    "lockdown-pc-consumer-eastus2.azurewebsites.net",
    "lockdown-pc-consumer-eastus2.scm.azurewebsites.net",
    "lockdown-pc-producer-eastus2.azurewebsites.net",
    "lockdown-pc-producer-eastus2.scm.azurewebsites.net",
    "login.microsoftonline.com",
    "management.azure.com",
  ]);
  expect(listed((stamp) => (forwardersOf(stamp).alsoResolve = ["*.example.net"]))).toContain("*.example.net");
  expect(deployed((stamp) => (forwardersOf(stamp).resolve = "everything"))).toEqual({
    conf: expect.not.stringContaining("response-policy") as string,
    zone: "",
  });
});

test("below a listed wildcard everything is answered, also beside other listed names", () => {
  const zone = listedZone([
    "corp.example",
    "*.corp.example",
    "x.lab.corp.example",
    "*.x.lab.corp.example",
    "a.example",
  ]);
  const answers = (name: string) => zone.includes(`\n${name} CNAME rpz-passthru.\n`);
  for (const name of ["lab.corp.example", "*.lab.corp.example", "*.corp.example"])
    expect([name, answers(name)]).toEqual([name, true]);
  for (const name of ["example", "*.example", "*.a.example"]) expect([name, answers(name)]).toEqual([name, false]);
  expect(zone).toContain("\n*.example CNAME .\n");
});

testWhere(bind, BIND_MISSING)("what is deployed passes BIND's own checks", () => {
  const { conf, zone } = deployed();
  const [confFile, zoneFile] = [join(folder, "named.conf"), join(folder, "listed.zone")];
  writeFileSync(confFile, conf);
  writeFileSync(zoneFile, zone);
  expect(() => execFileSync("named-checkconf", [confFile], { env: environment })).not.toThrow();
  expect(() => execFileSync("named-checkzone", ["-q", "listed", zoneFile], { env: environment })).not.toThrow();
});

/** How many questions a tunnel asks. */
const TUNNEL = 500;

/**
 * The deployed text, unchanged, at its own address: in a network namespace with Azure's resolver (a second named), an on-premises server (a third),
 * a client in each spoke subnet and a stranger.
 *
 * @returns what was answered, a line each, and every name that Azure's resolver was asked for
 */
function answered(resolve: "listed" | "everything"): { answers: string[]; asked: string[] } {
  const [region] = topologyWith().stamps[0]?.regions ?? [];
  if (!region?.hub) throw new Error("no hub");
  const [forwarder] = forwarderAddresses(region.hub);
  const upstream = (name: string, address: string, zones: Record<string, string>) => {
    const entries = Object.entries(zones).map(([zone, records], index) => {
      writeFileSync(
        join(folder, `${name}-${index}.zone`),
        `$TTL 300\n@ IN SOA ns. host. 1 1 1 1 1\n@ IN NS ns.\n${records}\n`,
      );
      return `zone "${zone}" { type primary; file "${folder}/${name}-${index}.zone"; };`;
    });
    writeFileSync(
      join(folder, `${name}.conf`),
      `options { directory "${folder}"; listen-on { ${address}; }; listen-on-v6 { none; }; pid-file none; session-keyfile "${folder}/${name}.key"; recursion yes; allow-query { any; }; allow-recursion { any; }; dnssec-validation no; };\ncontrols {};\nlogging { channel asked { file "${folder}/${name}.asked"; }; category queries { asked; }; };\nzone "." { type primary; file "${folder}/root.zone"; };\n${entries.join("\n")}\n`,
    );
  };
  writeFileSync(join(folder, "root.zone"), "$TTL 300\n@ IN SOA ns. host. 1 1 1 1 1\n@ IN NS ns.\nns. IN A 127.0.0.1\n");
  upstream("azure", AZURE_RESOLVER, {
    "servicebus.windows.net":
      "lockdown-pc IN CNAME lockdown-pc-eastus2\nlockdown-pc-eastus2 IN CNAME lockdown-pc-eastus2.privatelink\nlockdown-pc-centralus IN CNAME lockdown-pc-centralus.privatelink\nelsewhere IN A 203.0.113.9\n",
    "privatelink.servicebus.windows.net":
      "lockdown-pc-eastus2 IN A 10.1.2.240\nlockdown-pc-centralus IN A 10.1.2.241\n",
    "management.azure.com": "@ IN CNAME edge.example.org.\n".replace("@", "arm"),
    "example.org": 'public IN A 203.0.113.5\nedge IN A 203.0.113.6\n*.tunnel IN TXT "taken"\n',
    "livediagnostics.monitor.azure.com": "eastus2 IN CNAME edge.example.org.\n",
  });
  upstream("premises", "192.168.0.10", { "corp.example.com": "db IN A 192.168.0.77\n" });
  // Only where it writes its own files, and reads the zone, is another place here; everything it answers by is as deployed.
  const { conf, zone } = deployed((stamp) => (forwardersOf(stamp).resolve = resolve));
  writeFileSync(join(folder, "listed.zone"), zone);
  writeFileSync(
    join(folder, "forwarder.conf"),
    conf
      .replace(
        'directory "/var/cache/bind";',
        `directory "${folder}"; pid-file none; session-keyfile "${folder}/forwarder.key";`,
      )
      .replace("/etc/bind/listed.zone", join(folder, "listed.zone"))
      .replace("syslog daemon", `file "${folder}/refusals.log"`)
      .concat("\ncontrols {};\n"),
  );
  writeFileSync(
    join(folder, "tunnel.txt"),
    Array.from(
      { length: TUNNEL },
      // A client that wants DNSSEC's records is not asked whether it may leave.
      (_, index) =>
        `chunk-${index}-of-a-secret.tunnel.example.org TXT ${["", "+dnssec", "+dnssec +cdflag"][index % 3] ?? ""}`,
    ).join("\n"),
  );
  const ask = (from: string, name: string, options = "+short") =>
    `dig ${options} +tries=1 +time=3 -b ${from} @${forwarder} ${name}`;
  const status = (from: string, name: string) => `$(${ask(from, name, "")} | grep -o 'status: [A-Z]*')`;
  const output = inNetworkOfItsOwn(`
    ip link set lo up
    for address in ${AZURE_RESOLVER} ${forwarder} 192.168.0.10 10.1.1.9 10.1.2.9 10.9.9.9; do ip addr add $address/32 dev lo; done
    for name in azure premises forwarder; do named -f -c ${folder}/$name.conf > ${folder}/$name.log 2>&1 & done
    for try in $(seq 50); do ${ask("10.1.1.9", "lockdown-pc.servicebus.windows.net")} | grep -q 10.1.2.240 && break; sleep 0.2; done
    for try in $(seq 50); do ${ask("10.1.1.9", "db.corp.example.com")} | grep -q 192.168.0.77 && break; sleep 0.2; done
    echo alias $(${ask("10.1.1.9", "lockdown-pc.servicebus.windows.net")} | tail -1)
    echo partner $(${ask("10.1.2.9", "lockdown-pc-centralus.servicebus.windows.net")} | tail -1)
    echo premises $(${ask("10.1.1.9", "db.corp.example.com")})
    echo chain $(${ask("10.1.1.9", "eastus2.livediagnostics.monitor.azure.com")} | tail -1)
    echo end of the chain by itself $(${ask("10.1.1.9", "edge.example.org")})
    echo public $(${ask("10.1.1.9", "public.example.org")})
    echo beside a listed name $(${ask("10.1.1.9", "elsewhere.servicebus.windows.net")})
    echo stranger ${status("10.9.9.9", "lockdown-pc.servicebus.windows.net")}
    echo missing ${status("10.1.1.9", "nobody.livediagnostics.monitor.azure.com")}
    echo tunnel $(dig +short +tries=1 +time=3 -b 10.1.1.9 @${forwarder} -f ${folder}/tunnel.txt | grep -c taken)
    kill $(jobs -p)
  `);
  const asked = readFileSync(join(folder, "azure.asked"), "utf8").match(/(?<=query: )\S+/g) ?? [];
  return { answers: output.trim().split("\n"), asked: [...asked] };
}

const inNamespace = testWhere(bind && canUnshare(), bind ? "network namespaces are not allowed here" : BIND_MISSING);

inNamespace("a named on it answers what is listed, follows what that leads to, and carries nothing out", () => {
  const { answers, asked } = answered("listed");
  expect(answers).toEqual([
    "alias 10.1.2.240",
    "partner 10.1.2.241",
    "premises 192.168.0.77",
    "chain 203.0.113.6",
    "end of the chain by itself",
    "public",
    "beside a listed name",
    "stranger status: REFUSED",
    "missing status: NXDOMAIN",
    "tunnel 0",
  ]);
  expect(asked.filter((name) => /tunnel|public|elsewhere/.test(name))).toEqual([]);
  const refusals = readFileSync(join(folder, "refusals.log"), "utf8");
  expect(refusals.match(/tunnel\.example\.org\/TXT/g)).toHaveLength(TUNNEL);
  expect(refusals).toContain("10.1.1.9");
  expect(refusals).not.toContain("lockdown-pc");
});

inNamespace("with everything resolved, as the design document's forwarders do, a tunnel passes", () => {
  const { answers, asked } = answered("everything");
  expect(answers).toEqual([
    "alias 10.1.2.240",
    "partner 10.1.2.241",
    "premises 192.168.0.77",
    "chain 203.0.113.6",
    "end of the chain by itself 203.0.113.6",
    "public 203.0.113.5",
    "beside a listed name 203.0.113.9",
    "stranger status: REFUSED",
    "missing status: NXDOMAIN",
    `tunnel ${TUNNEL}`,
  ]);
  expect(asked.filter((name) => name.includes("tunnel"))).toHaveLength(TUNNEL);
});
