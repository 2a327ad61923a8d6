import { AZURE_RESOLVER } from "../../../azure-facts/addresses";
import { isInTag } from "../../../azure-facts/service-tag-hosts";
import type { Model, SecurityRule } from "../../../proof/network/model";
import type { Intervals } from "../../../proof/packets/intervals";
import { found, type Host, type PublicHost } from "./hosts";
import { LINKS, peersOf } from "./routes";

const UDP = 65_536;
const WITHOUT_PORTS = 2 * UDP;
const NOT_INTERNET = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", AZURE_RESOLVER];

/**
 * The groups of every interface as nftables of the router. What leaves and what enters are base chains of their own: a verdict ends only its own chain. A packet that a group allows returns
 * to the interface's chain, where the next group follows.
 */
export function securityGroupsOf(hosts: readonly Host[], model: Model, publicHosts: readonly PublicHost[]): string {
  const publics = hosts.flatMap(({ firewall }) => firewall?.publicAddress ?? []);
  // A group means the same for every host of a subnet.
  const keys = [...new Set(hosts.flatMap((host) => host.groupIds.map((id) => keyOf(id, host))))];
  const name = (id: string, host: Host) => `group-${keys.indexOf(keyOf(id, host))}`;
  return [
    "table ip sdn {",
    ...keys.flatMap((key, index) => {
      const host = found(hosts.find(({ groupIds, ...rest }) => groupIds.some((id) => keyOf(id, rest) === key)));
      const id = found(host.groupIds.find((each) => keyOf(each, host) === key));
      return [
        chain(`out-group-${index}`, groupLines(id, "Outbound", host, model, publicHosts)),
        chain(`in-group-${index}`, groupLines(id, "Inbound", host, model, publicHosts)),
      ];
    }),
    ...hosts.flatMap((host) => [
      chain(
        `out-${host.name}`,
        host.groupIds.map((id) => `jump out-${name(id, host)}`),
      ),
      chain(`in-${host.name}`, [
        ...host.groupIds.map((id) => `jump in-${name(id, host)}`),
        ...(host.ports ? [...host.ports.map((port) => `tcp dport ${port} accept`), "drop"] : []),
      ]),
    ]),
    base("outbound", -10, `ct state established,related ip dscp set ${ANSWER} accept`, [
      `ip daddr ${AZURE_RESOLVER} accept`,
      `iifname ${LINKS.internet} ${publics.map((address) => `ip daddr != ${address}`).join(" ")} drop`,
      ...hosts.map((host) => `iifname p-${host.name} jump out-${host.name}`),
    ]),
    base(
      "inbound",
      10,
      `ip dscp ${ANSWER} accept`,
      hosts.map((host) => `oifname p-${host.name} jump in-${host.name}`),
    ),
    "chain nat { type nat hook postrouting priority srcnat;",
    `oifname ${LINKS.internet} ${publics.map((address) => `ip saddr != ${address}`).join(" ")} masquerade`,
    "}",
    "}",
  ].join("\n");
}

function keyOf(groupId: string, { subnet }: Pick<Host, "subnet">): string {
  return `${groupId} in ${subnet?.id ?? ""}`;
}

function chain(name: string, lines: readonly string[]): string {
  return [`chain ${name} {`, ...lines, "}"].join("\n");
}

/** How the router knows an answer again that it has sent out and back: after a reset its connection is no longer there. */
const ANSWER = "cs1";

function base(name: string, priority: number, answers: string, lines: readonly string[]): string {
  return chain(name, [`type filter hook forward priority ${priority}; policy accept;`, answers, ...lines]);
}

function groupLines(
  id: string,
  direction: SecurityRule["direction"],
  host: Host,
  model: Model,
  publicHosts: readonly PublicHost[],
): string[] {
  const { rules } = found(model.securityGroups.find((group) => group.id === id));
  const near = networkPrefixes(host, model);
  const means = (side: "saddr" | "daddr", prefix: string) => matches(side, prefix, near, publicHosts);
  const lines = rules
    .filter((rule) => rule.direction === direction)
    .sort((one, other) => one.priority - other.priority)
    .flatMap((rule) =>
      rule.sources.flatMap((source) =>
        rule.destinations.flatMap((destination) =>
          means("saddr", source).flatMap((from) =>
            means("daddr", destination).flatMap((to) =>
              servicesIn(rule.service).map((service) =>
                [from, to, service, sourcePorts(rule.sourcePort), rule.allows ? "return" : "drop"]
                  .filter(Boolean)
                  .join(" "),
              ),
            ),
          ),
        ),
      ),
    );
  const within = near.flatMap((from) => near.map((to) => `ip saddr ${from} ip daddr ${to} return`));
  const last =
    direction === "Inbound"
      ? [`ip saddr ${AZURE_RESOLVER} return`]
      : means("daddr", "Internet").map((to) => `${to} return`);
  return [...lines, ...within, ...last, "drop"];
}

/** What `VirtualNetwork` is for a host: its network, what is peered with it, and the prefixes of its subnet's routes. */
function networkPrefixes({ networkId, subnet }: Host, model: Model): string[] {
  const near = [networkId, ...peersOf(networkId, model)];
  const routes = model.routeTables.find(({ id }) => id === subnet?.routeTableId)?.routes ?? [];
  return [
    ...model.networks.filter(({ id }) => near.includes(id)).flatMap(({ prefixes }) => prefixes),
    ...routes.map(({ prefix }) => prefix),
  ];
}

/** A match for each thing that a prefix may be; an empty text is everything. */
function matches(
  side: "saddr" | "daddr",
  prefix: string,
  near: readonly string[],
  publicHosts: readonly PublicHost[],
): string[] {
  if (prefix === "*" || prefix === "0.0.0.0/0") return [""];
  if (/^\d/.test(prefix)) return [`ip ${side} ${prefix}`];
  if (prefix === "VirtualNetwork") return near.map((each) => `ip ${side} ${each}`.replace(`ip ${side} 0.0.0.0/0`, ""));
  if (prefix === "Internet") return [NOT_INTERNET.map((each) => `ip ${side} != ${each}`).join(" ")];
  if (prefix === "AzureLoadBalancer") return [`ip ${side} ${AZURE_RESOLVER}`];
  return publicHosts.filter(({ name }) => isInTag(name, prefix) === true).map(({ address }) => `ip ${side} ${address}`);
}

function servicesIn(service: Intervals): string[] {
  const parts = (name: string, start: number) =>
    service.ranges.flatMap(([first, last]) => {
      const [from, to] = [Math.max(first, start), Math.min(last, start + UDP - 1)];
      return from > to ? [] : [`${name} dport ${from - start}-${to - start}`];
    });
  if (service.ranges.some(([first, last]) => first === 0 && last >= WITHOUT_PORTS)) return [""];
  return [...parts("tcp", 0), ...parts("udp", UDP), ...(service.has(WITHOUT_PORTS) ? ["meta l4proto icmp"] : [])];
}

function sourcePorts(ports: Intervals): string {
  const [[first, last] = [0, UDP - 1]] = ports.ranges;
  return first === 0 && last === UDP - 1 ? "" : `th sport ${first}-${last}`;
}
