import { nameIn } from "../../azure-facts/arm-ids";
import type { ExistingHub, HubAdmission } from "../../synthesized/views/existing-hub";
import { contains } from "../../topology/cidr";
import { covers } from "../../topology/host-patterns";
import { redirects } from "../../topology/zones";

/** A link of a zone to a hub, where the owner of one of them makes it. */
export interface LinkTask {
  readonly zoneId: string;
  readonly zone: string;
  /** The ARM id of the hub's network. */
  readonly networkId: string;
  /** The namespaces' zone fails closed; of the others, a name without a record is asked of the public DNS. */
  readonly resolutionPolicy: "Default" | "NxDomainRedirect";
}

/** What the owner of an existing hub has to do for one spoke. */
export interface OwnerTasks {
  readonly hub: ExistingHub;
  readonly links: readonly LinkTask[];
  /** Ranges that the DNS servers have to answer. */
  readonly dnsClients: readonly { readonly range: string; readonly isDeclared: boolean }[];
  /** Networks beyond the hub that it has to route to, and back. */
  readonly routes: readonly { readonly range: string; readonly isDeclared: boolean }[];
  /** Firewall rules. One is declared as done where the filter allows all of its hosts. */
  readonly rules: readonly { readonly rule: HubAdmission; readonly isDeclared: boolean }[];
}

export function tasksOf(hub: ExistingHub): OwnerTasks {
  return {
    hub,
    links: hub.zoneIds.map((zoneId) => linkOf(zoneId, hub.networkId)),
    dnsClients: hub.dnsClients.map((range) => ({
      range,
      isDeclared: hub.dns.serves.some((served) => contains(served, range)),
    })),
    routes: hub.farNetworks.map((range) => ({
      range,
      isDeclared: hub.routesTo.some((routed) => contains(routed, range)),
    })),
    rules: hub.admissions.map((rule) => ({
      rule,
      // What is declared is hosts, on the ports of the web.
      isDeclared:
        rule.hosts.length > 0 &&
        rule.ports.every((port) => port === 443 || port === 80) &&
        rule.hosts.every((host) => covers(hub.filter.allowsHosts, host)),
    })),
  };
}

export function linkOf(zoneId: string, networkId: string): LinkTask {
  const zone = nameIn(zoneId);
  return { zoneId, zone, networkId, resolutionPolicy: redirects(zone) ? "NxDomainRedirect" : "Default" };
}
