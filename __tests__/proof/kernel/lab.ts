import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { AZURE_RESOLVER } from "../../../azure-facts/addresses";
import type { Model } from "../../../proof/network/model";
import type { SynthesizedStack } from "../../../synthesized/cdktf-out";
import { environment } from "../../support/programs";
import { firewallTables, PROXY_PORTS, proxyConfiguration } from "./firewalls";
import { type Host, hostsOf, type PublicHost, publicHostsOf } from "./hosts";
import { azureNamed, forwarderConfigurations } from "./names";
import { DELIVERY, INTERNET_GATEWAY, LINKS, routesOf } from "./routes";
import { securityGroupsOf } from "./security-groups";

/** What a host sends, and where. */
export type Probe =
  | { readonly kind: "tcp" | "udp"; readonly address: string; readonly port: number; readonly host?: string }
  | { readonly kind: "name"; readonly servers: readonly string[]; readonly host: string };

export interface Question {
  readonly from: Host;
  readonly probe: Probe;
}

/** A lab that is not built yet: hosts, what answers on the Internet, and how to ask. */
export interface Lab {
  readonly hosts: readonly Host[];
  readonly publicHosts: readonly PublicHost[];
  /** Builds the network, sends everything, and takes it down. @returns `answered` or `nothing`, or a name's addresses or error, in the order of the questions */
  ask(questions: readonly Question[], isFailedOver?: boolean): string[];
}

/** How many hosts send at once. */
const AT_ONCE = 20;

export function labOf(model: Model, stacks: readonly SynthesizedStack[]): Lab {
  const hosts = hostsOf(model);
  const publicHosts = publicHostsOf(model);
  return {
    hosts,
    publicHosts,
    ask: (questions, isFailedOver = false) => {
      const folder = mkdtempSync(join(tmpdir(), "kernel-"));
      try {
        const senders = [...new Set(questions.map(({ from }) => from))];
        for (const host of senders) {
          const own = questions.flatMap(({ from, probe }, number) => (from === host ? [{ ...probe, number }] : []));
          writeFileSync(join(folder, `${host.name}.json`), JSON.stringify(own));
        }
        const path = join(folder, "lab.sh");
        const script = scriptOf({ model, stacks, hosts, publicHosts, senders, isFailedOver, folder });
        writeFileSync(path, script);
        const output = execFileSync(
          "unshare",
          ["-rnm", "--pid", "--fork", "--kill-child", "--mount-proc", "bash", "-eu", path],
          {
            env: environment,
            encoding: "utf8",
            timeout: 180_000,
            maxBuffer: 64 * 1024 * 1024,
          },
        );
        const answers = new Map(
          output
            .trim()
            .split("\n")
            .map((line) => {
              const [number = "", ...result] = line.split(" ");
              return [Number(number), result.join(" ")] as const;
            }),
        );
        return questions.map((_, number) => answers.get(number) ?? "no result");
      } finally {
        rmSync(folder, { recursive: true, force: true });
      }
    },
  };
}

interface Parts {
  readonly model: Model;
  readonly stacks: readonly SynthesizedStack[];
  readonly hosts: readonly Host[];
  readonly publicHosts: readonly PublicHost[];
  readonly senders: readonly Host[];
  readonly isFailedOver: boolean;
  readonly folder: string;
}

function scriptOf({ model, stacks, hosts, publicHosts, senders, isFailedOver, folder }: Parts): string {
  const path = (name: string) => join(folder, name);
  const file = (name: string, text: string) => {
    writeFileSync(path(name), text);
    return path(name);
  };
  const { rules, routes } = routesOf(hosts, model);
  const links = [
    ...hosts.map(({ name, address, firewall }) => ({
      name,
      addresses: [address, ...(firewall?.publicAddress === undefined ? [] : [firewall.publicAddress])],
    })),
    { name: "internet", addresses: [INTERNET_GATEWAY, ...publicHosts.map(({ address }) => address)] },
    { name: "resolver", addresses: [AZURE_RESOLVER] },
  ];
  const batch = file(
    "router.batch",
    [
      ...links.flatMap(({ name }) => [
        `link add p-${name} type veth peer name eth0 netns ${name}`,
        `addr add 169.254.1.1/32 dev p-${name}`,
        `link set p-${name} up`,
      ]),
      `link add ${LINKS.delivery} type veth peer name eth0 netns delivery`,
      `addr add ${DELIVERY.router}/30 dev ${LINKS.delivery}`,
      `link set ${LINKS.delivery} up`,
      ...rules,
      ...routes,
    ].join("\n"),
  );
  const hostBatch = (addresses: readonly string[]) =>
    [
      "link set lo up",
      ...addresses.map((address) => `addr add ${address}/32 dev eth0`),
      "link set eth0 up",
      "route add 169.254.1.1 dev eth0 scope link",
      `route add default via 169.254.1.1 src ${addresses[0] ?? ""}`,
    ].join("\n");
  for (const { name, addresses } of links) file(`${name}.batch`, hostBatch(addresses));
  file(
    "delivery.batch",
    `addr add ${DELIVERY.other}/30 dev eth0\nlink set eth0 up\nroute add default via ${DELIVERY.router}\n`,
  );
  const names = [...links.map(({ name }) => name), "delivery"];
  const inside = (name: string, command: string) => `ip netns exec ${name} ${command}`;
  const node = `"${process.execPath}" ${__dirname}`;
  const forwarders = forwarderConfigurations(stacks, folder);
  return [
    "mount -t tmpfs tmpfs /run && mkdir /run/netns",
    "sysctl -qw net.ipv4.ip_forward=1 net.ipv4.conf.all.rp_filter=0 net.ipv4.conf.default.rp_filter=0 net.ipv4.conf.all.send_redirects=0 net.ipv4.conf.default.send_redirects=0",
    `for name in ${names.join(" ")}; do ip netns add $name; done`,
    ...names.map((name) =>
      inside(
        name,
        "sysctl -qw net.ipv4.icmp_ratelimit=0 net.ipv4.conf.all.rp_filter=0 net.ipv4.conf.default.rp_filter=0 net.ipv4.conf.default.send_redirects=0",
      ),
    ),
    `ip -batch ${batch}`,
    ...names.map((name) => inside(name, `ip -batch ${path(`${name}.batch`)}`)),
    inside("delivery", "sysctl -qw net.ipv4.ip_forward=1 net.ipv4.conf.all.send_redirects=0"),
    `nft -f ${file("router.nft", securityGroupsOf(hosts, model, publicHosts))}`,
    inside("internet", `${node}/internet.cjs 80 443 &`),
    ...hosts.flatMap(({ name, firewall }) => {
      if (!firewall) return [];
      const configuration = JSON.stringify({ ...proxyConfiguration(firewall, publicHosts), offset: PROXY_PORTS });
      return [
        inside(name, "sysctl -qw net.ipv4.ip_forward=1"),
        inside(name, `nft -f ${file(`${name}.nft`, firewallTables(firewall))}`),
        inside(name, `${node}/proxy.cjs ${file(`${name}.proxy`, configuration)} &`),
      ];
    }),
    inside(
      "resolver",
      `named -f -c ${azureNamed(model, publicHosts, isFailedOver, folder)} > ${path("azure.log")} 2>&1 &`,
    ),
    ...hosts.flatMap(({ name, address }) => {
      const configuration = forwarders.get(address);
      return configuration === undefined
        ? []
        : [inside(name, `named -f -c ${configuration} > ${path(`${name}.log`)} 2>&1 &`)];
    }),
    // A server that does not listen yet would answer as a host without one.
    ...hosts
      .filter(({ address }) => forwarders.has(address))
      .map(
        ({ name, address }) =>
          `for try in $(seq 100); do ${inside(name, `dig +tries=1 +time=1 @${address} . NS`)} > ${path("dig.log")} 2>&1 && break; sleep 0.1; done`,
      ),
    "sleep 1",
    `printf '%s\\n' ${senders.map(({ name }) => name).join(" ")} | xargs -P ${AT_ONCE} -I NAME ${inside("NAME", `${node}/probe.cjs ${folder}/NAME.json`)}`,
    "kill $(jobs -p)",
  ].join("\n");
}
