import { AZURE_RESOLVER } from "../../azure-facts/addresses";
import { matchesHost } from "../../azure-facts/service-tag-hosts";
import { addressesOf, allOf } from "../packets/addresses";
import { udp } from "../packets/services";
import type { Forwarder } from "../network/model";
import { builtInOrigin, type Origin } from "../network/origin";
import { azureResolves, type Resolved } from "./azure-resolver";
import { byAddress, type Decision } from "./decide";
import type { Step } from "./flight";
import type { Place } from "./place";
import type { Aliases } from "./public-dns";
import type { Reach } from "./reach";

/** The app settings that put other servers in place of the network's (learn.microsoft.com/azure/app-service/reference-app-settings). */
export const OWN_SERVERS = ["WEBSITE_DNS_SERVER", "WEBSITE_DNS_ALT_SERVER"];

/** How a place gets an answer for a name: the servers that it asks, whether it reaches them, and what they answer. */
export function resolves(name: string, place: Place, aliases: Aliases, reach: Reach): Resolved {
  const asked = name.toLowerCase().replace(/\.$/, "");
  const { lookup } = reach;
  const networkId = place.subnet?.networkId ?? place.network?.id;
  const network = networkId === undefined ? undefined : lookup.network(networkId);
  const own = OWN_SERVERS.flatMap((setting) => place.app?.settings[setting] ?? []);
  const servers = place.asks ?? (own.length > 0 ? own : network?.dnsServers);
  if (!servers) return elsewhere(asked, place, aliases, reach);
  const steps: Step[] = [];
  const says = (by: string, why: string, origin: Origin) => steps.push({ stage: "name", by, why, origin });
  if (place.asks) says(place.name, `its hosts are declared to ask ${place.asks.join(", ")}`, place.origin);
  else if (own.length > 0) says(place.name, `its app settings name the servers ${own.join(", ")}`, place.origin);
  else if (network && servers.length > 0)
    says(network.name, `its DNS servers are ${servers.join(", ")}`, network.origin);
  else if (network) {
    says(network.name, "it has no DNS servers of its own: Azure's resolver answers", network.origin);
    return after(steps, azureResolves(asked, networkId, aliases, lookup));
  }
  for (const server of servers) {
    if (server === AZURE_RESOLVER) return after(steps, azureResolves(asked, networkId, aliases, lookup));
    const decision = byAddress(reach, place, addressesOf(server), udp(53));
    if (decision.verdict === "cannot") {
      const last = decision.steps.at(-1);
      says(
        server,
        `the server is not reached on port 53: ${last?.by ?? ""}, ${last?.why ?? ""}`,
        last?.origin ?? place.origin,
      );
      continue;
    }
    const forwarder = forwarderAt(server, decision, reach);
    if (!forwarder) {
      const why = `what answers at ${server} is not known`;
      says(server, why, place.origin);
      return { answer: { kind: "unknown", why }, steps };
    }
    says(forwarder.name, `the server ${server} is reached on port 53`, decision.steps.at(-1)?.origin ?? place.origin);
    const answered = answers(asked, forwarder, place, aliases, reach);
    // A client takes each answer, and asks the next server only where one refuses.
    if (answered.answer.kind === "nothing" && answered.isRefusal) {
      steps.push(...answered.steps);
      continue;
    }
    return after(steps, answered);
  }
  return { answer: { kind: "nothing", why: "no server answers" }, steps };
}

function after(steps: readonly Step[], { answer, steps: more }: Resolved): Resolved {
  return { answer, steps: [...steps, ...more] };
}

function elsewhere(name: string, place: Place, aliases: Aliases, reach: Reach): Resolved {
  if (place.kind === "internet" || place.kind === "app") return azureResolves(name, undefined, aliases, reach.lookup);
  const why = "whom hosts there ask for names is not known";
  return { answer: { kind: "unknown", why }, steps: [{ stage: "name", by: place.name, why, origin: place.origin }] };
}

function forwarderAt(server: string, { target }: Decision, reach: Reach): Forwarder | undefined {
  const { lookup } = reach;
  const candidates = lookup.forwardersAt(server);
  if (target?.kind === "machine") {
    const { networkId } = lookup.subnet(target.machine.subnetId);
    return candidates.find((forwarder) => forwarder.networkId === networkId);
  }
  return candidates.find(({ isDeclared }) => isDeclared);
}

function answers(
  name: string,
  forwarder: Forwarder,
  place: Place,
  aliases: Aliases,
  reach: Reach,
): Resolved & { readonly isRefusal?: boolean } {
  const { configuration, origin } = forwarder;
  const step = (why: string, of: Origin = origin): Step => ({ stage: "name", by: forwarder.name, why, origin: of });
  const nothing = (why: string, isRefusal = false) => ({
    answer: { kind: "nothing" as const, why },
    steps: [step(why)],
    isRefusal,
  });
  const unknown = (why: string) => ({ answer: { kind: "unknown" as const, why }, steps: [step(why)] });
  if (!configuration) return nothing("nothing configures the machine as a DNS server", true);
  if (!allOf(forwarder.addresses).isWithin(configuration.listensOn))
    return nothing("it does not listen on its address in the network", true);
  const served = place.addresses.and(configuration.clients);
  if (served.isEmpty) return nothing("it refuses questions of this place: it is not among its clients", true);
  if (!place.addresses.isWithin(configuration.clients))
    return unknown("it answers some hosts of this place, and refuses others");
  const { listed } = configuration;
  if (listed && !listed.some((pattern) => matchesHost(pattern, name)))
    return nothing(`it answers listed names only, and ${name} is not listed: NXDOMAIN`);
  const zone = [...configuration.forwardedZones.keys()]
    .filter((each) => name === each || name.endsWith(`.${each}`))
    .sort((one, other) => other.length - one.length)[0];
  if (zone !== undefined) {
    const servers = configuration.forwardedZones.get(zone) ?? [];
    if (!servers.includes(AZURE_RESOLVER))
      return unknown(`it asks ${servers.join(", ")} for ${zone}, and what they answer is not known`);
  }
  const [next, another] = configuration.forwarders;
  if (zone === undefined && (next !== AZURE_RESOLVER || another !== undefined)) {
    if (!configuration.forwarders.includes(AZURE_RESOLVER))
      return next === undefined
        ? nothing("it has no forwarder, and asks the Internet's servers itself, which know no private name")
        : unknown(`it asks ${configuration.forwarders.join(", ")}, and what they answer is not known`);
  }
  const denied = isResolverDenied(forwarder, reach);
  if (denied) return { answer: { kind: "nothing", why: denied.why }, steps: [denied] };
  const resolved = azureResolves(name, forwarder.networkId, aliases, reach.lookup);
  if (configuration.validatesDnssec && resolved.answer.kind === "private") {
    const why = "it validates DNSSEC, which private zones do not have: SERVFAIL";
    return { answer: { kind: "nothing", why }, steps: [...resolved.steps, step(why)] };
  }
  return after([step(`it answers this place, and asks Azure's resolver in its own network`)], resolved);
}

/** Whether the machine does not reach Azure's resolver. */
function isResolverDenied(forwarder: Forwarder, reach: Reach): Step | undefined {
  if (forwarder.isDeclared) return undefined;
  const place = reach.places.find(
    ({ machine, subnet }) =>
      machine !== undefined &&
      forwarder.addresses.includes(machine.address) &&
      subnet?.networkId === forwarder.networkId,
  );
  if (!place)
    return {
      stage: "name",
      by: forwarder.name,
      why: "no interface has its address",
      origin: builtInOrigin(forwarder.name),
    };
  const decision = byAddress(reach, place, addressesOf(AZURE_RESOLVER), udp(53));
  return decision.verdict === "reaches" ? undefined : decision.steps.at(-1);
}
