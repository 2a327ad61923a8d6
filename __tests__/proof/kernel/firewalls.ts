import type { Firewall, FirewallRule } from "../../../proof/network/model";
import { blocksOf } from "../../../proof/packets/addresses";
import { addressText } from "../../../proof/packets/addresses";
import type { PublicHost } from "./hosts";

/** What the proxy of a firewall reads: the ports that application rules know, and who may ask for which host there. */
export interface ProxyConfiguration {
  readonly rules: readonly {
    readonly port: number;
    readonly sources: readonly (readonly [first: string, last: string])[];
    readonly hosts: readonly string[];
    readonly allows: boolean;
  }[];
  /** Where a host is. */
  readonly addresses: Readonly<Record<string, string>>;
}

/** A packet for a port of an application rule goes to the proxy, which listens on that port and this. */
export const PROXY_PORTS = 20_000;

const UDP = 65_536;

/** Network rules in their order, then the proxy for what application rules may allow, then nothing. */
export function firewallTables({ rules, publicAddress, keepsSenderTo }: Firewall): string {
  const network = rules.filter(({ kind }) => kind === "network");
  const application = rules.filter(({ kind }) => kind === "application");
  const redirected = application.flatMap((rule) =>
    tcpPorts(rule).flatMap((port) =>
      blocksOf(rule.sources).map((source) => `ip saddr ${source} tcp dport ${port} redirect to :${PROXY_PORTS + port}`),
    ),
  );
  return [
    "table ip firewall {",
    "chain before { type nat hook prerouting priority dstnat; policy accept;",
    ...network.flatMap((rule) => linesOf(rule, "accept", "accept")),
    ...redirected,
    "}",
    "chain passing { type filter hook forward priority 0; policy drop;",
    "ct state invalid drop",
    "ct state established,related accept",
    ...network.flatMap((rule) => linesOf(rule, "accept", "drop")),
    "}",
    "chain own { type filter hook input priority 0; policy drop;",
    "ct state established,related accept",
    "ct status dnat accept",
    "}",
    "chain after { type nat hook postrouting priority srcnat; policy accept;",
    ...(publicAddress === undefined
      ? []
      : [
          `${blocksOf(keepsSenderTo)
            .map((block) => `ip daddr != ${block}`)
            .join(" ")} snat to ${publicAddress}`,
        ]),
    "}",
    "}",
  ].join("\n");
}

export function proxyConfiguration({ rules }: Firewall, publicHosts: readonly PublicHost[]): ProxyConfiguration {
  return {
    rules: rules
      .filter(({ kind }) => kind === "application")
      .flatMap((rule) =>
        tcpPorts(rule).map((port) => ({
          port,
          sources: rule.sources.ranges.map(([first, last]) => [addressText(first), addressText(last)] as const),
          hosts: rule.hosts ?? [],
          allows: rule.allows,
        })),
      ),
    addresses: Object.fromEntries(publicHosts.map(({ name, address }) => [name, address])),
  };
}

function tcpPorts({ service }: FirewallRule): number[] {
  return service.ranges.flatMap(([first, last]) =>
    Array.from({ length: last - first + 1 }, (_, index) => first + index),
  );
}

function linesOf(rule: FirewallRule, allowed: string, denied: string): string[] {
  const services = rule.service.ranges.map(([first, last]) =>
    first >= UDP ? `udp dport ${first - UDP}-${last - UDP}` : `tcp dport ${first}-${last}`,
  );
  return blocksOf(rule.sources).flatMap((source) =>
    (rule.destinations ? blocksOf(rule.destinations) : []).flatMap((destination) =>
      services.map(
        (service) => `ip saddr ${source} ip daddr ${destination} ${service} ${rule.allows ? allowed : denied}`,
      ),
    ),
  );
}
