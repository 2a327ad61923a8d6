import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { AZURE_RESOLVER, namedConf } from "../../../constructs/network/named-conf";
import { all } from "../../../synthesized/resources";
import { forwarderAddresses } from "../../../topology/addresses";
import { build } from "../../support/build";
import { canUnshare, environment, has, inNetworkOfItsOwn, testWhere } from "../../support/programs";
import { topologyWith } from "../../support/topologies";

const bind = has("named") && has("named-checkconf") && has("dig");
const BIND_MISSING = "named, named-checkconf or dig is missing: apt-get install bind9 bind9-utils bind9-dnsutils";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "named-"));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** The configuration that East's first forwarder gets, cut out of its run command. */
function deployedConf(): string {
  const stacks = build(
    topologyWith((stamp) => {
      stamp.forwarders.conditionalForwards = [{ zone: "corp.example.com", servers: ["192.168.0.10"] }];
    }),
  );
  const command = all(stacks, "azurerm_virtual_machine_run_command").find(
    ({ stack, id }) => stack.name === "network-eastus2" && id.startsWith("dns_configure-1"),
  );
  const { script } = command?.block.source as { script: string };
  return /<< 'NAMED_CONF'\n([\s\S]*?)\nNAMED_CONF\n/.exec(script)?.[1] ?? "";
}

test("hub and spoke are answered, nobody else; everything goes to Azure's resolver but the zones that are listed", () => {
  const conf = namedConf({
    address: "10.0.2.4",
    clients: ["10.0.0.0/16", "10.1.0.0/16"],
    conditionalForwards: [{ zone: "corp.example.com", servers: ["192.168.0.10", "192.168.0.11"] }],
  });
  expect(conf).toMatch(/acl clients \{\s+127\.0\.0\.1;\s+10\.0\.0\.0\/16;\s+10\.1\.0\.0\/16;\s+\};/);
  for (const who of ["allow-query", "allow-query-cache", "allow-recursion"])
    expect(conf).toContain(`${who} { clients; };`);
  expect(conf).toContain(`forwarders { ${AZURE_RESOLVER}; };`);
  expect(conf).toMatch(
    /zone "corp\.example\.com" \{\s+type forward;\s+forward only;\s+forwarders \{ 192\.168\.0\.10; 192\.168\.0\.11; \};/,
  );
});

testWhere(bind, BIND_MISSING)("what is deployed passes named-checkconf", () => {
  const file = join(folder, "named.conf");
  writeFileSync(file, deployedConf());
  expect(() => execFileSync("named-checkconf", [file], { env: environment })).not.toThrow();
});

/**
 * The deployed text, unchanged, at its own address: in a network namespace with Azure's resolver (a second named), an on-premises server (a third),
 * a client in each spoke subnet and a stranger.
 */
testWhere(bind && canUnshare(), bind ? "network namespaces are not allowed here" : BIND_MISSING)(
  "a named on it answers the design's names, forwards the listed zone, and refuses a stranger",
  () => {
    const topology = topologyWith();
    const [region] = topology.stamps[0]?.regions ?? [];
    if (!region) throw new Error("no region");
    const [forwarder] = forwarderAddresses(region);
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
        `options { directory "${folder}"; listen-on { ${address}; }; listen-on-v6 { none; }; pid-file none; session-keyfile "${folder}/${name}.key"; recursion yes; allow-query { any; }; allow-recursion { any; }; dnssec-validation no; };\ncontrols {};\nzone "." { type primary; file "${folder}/root.zone"; };\n${entries.join("\n")}\n`,
      );
    };
    writeFileSync(
      join(folder, "root.zone"),
      "$TTL 300\n@ IN SOA ns. host. 1 1 1 1 1\n@ IN NS ns.\nns. IN A 127.0.0.1\n",
    );
    upstream("azure", AZURE_RESOLVER, {
      "servicebus.windows.net":
        "lockdown-pc IN CNAME lockdown-pc-eastus2\nlockdown-pc-eastus2 IN CNAME lockdown-pc-eastus2.privatelink\nlockdown-pc-centralus IN CNAME lockdown-pc-centralus.privatelink\n",
      "privatelink.servicebus.windows.net":
        "lockdown-pc-eastus2 IN A 10.1.2.240\nlockdown-pc-centralus IN A 10.1.2.241\n",
      "example.org": "public IN A 203.0.113.5\n",
    });
    upstream("premises", "192.168.0.10", { "corp.example.com": "db IN A 192.168.0.77\n" });
    // Only where it writes its own files is another place here; everything it answers by is as deployed.
    writeFileSync(
      join(folder, "forwarder.conf"),
      deployedConf()
        .replace(
          'directory "/var/cache/bind";',
          `directory "${folder}"; pid-file none; session-keyfile "${folder}/forwarder.key";`,
        )
        .concat("\ncontrols {};\n"),
    );
    const ask = (from: string, name: string, options = "+short") =>
      `dig ${options} +tries=1 +time=3 -b ${from} @${forwarder} ${name}`;
    const output = inNetworkOfItsOwn(`
      ip link set lo up
      for address in ${AZURE_RESOLVER} ${forwarder} 192.168.0.10 10.1.1.9 10.1.2.9 10.9.9.9; do ip addr add $address/32 dev lo; done
      for name in azure premises forwarder; do named -f -c ${folder}/$name.conf > ${folder}/$name.log 2>&1 & done
      for try in $(seq 50); do ${ask("10.1.1.9", "public.example.org")} | grep -q 203.0.113.5 && break; sleep 0.2; done
      for try in $(seq 50); do ${ask("10.1.1.9", "db.corp.example.com")} | grep -q 192.168.0.77 && break; sleep 0.2; done
      echo alias $(${ask("10.1.1.9", "lockdown-pc.servicebus.windows.net")} | tail -1)
      echo partner $(${ask("10.1.2.9", "lockdown-pc-centralus.servicebus.windows.net")} | tail -1)
      echo premises $(${ask("10.1.1.9", "db.corp.example.com")})
      echo public $(${ask("10.1.1.9", "public.example.org")})
      echo missing $(${ask("10.1.1.9", "nobody.servicebus.windows.net", "")} | grep -o 'status: [A-Z]*')
      echo stranger $(${ask("10.9.9.9", "lockdown-pc.servicebus.windows.net", "")} | grep -o 'status: [A-Z]*')
      kill $(jobs -p)
    `);
    expect(output.trim().split("\n")).toEqual([
      "alias 10.1.2.240",
      "partner 10.1.2.241",
      "premises 192.168.0.77",
      "public 203.0.113.5",
      "missing status: NXDOMAIN",
      "stranger status: REFUSED",
    ]);
  },
);
