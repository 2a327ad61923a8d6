import { PUBLIC_ADDRESSES } from "../packets/addresses";
import { common } from "../packets/packets";
import { tcp } from "../packets/services";
import { narrowed, takeOff } from "../reach/flight";
import { throughGroup } from "../reach/security-groups";
import type { Firewall, SecurityGroup } from "../network/model";
import { type Evidence, fact, missing, type Scene, type Walk } from "./step";

const MONITORING_HOSTS = ["rt.services.visualstudio.com", "dc.services.visualstudio.com"];

/** "Monitoring Setup" of the design document: telemetry leaves through the firewall. */
export const monitoringSetup: Walk = {
  title: "Monitoring Setup",
  absent: ({ primary: { stamp, region } }) => {
    if (stamp.monitoring === "private-link") return "telemetry has a private link, and does not pass the firewall";
    if (stamp.egress.via !== "firewall") return `on-premises filters what leaves (egress.via is ${stamp.egress.via})`;
    return region.existingHub ? "the hub exists, and its firewall is its owner's" : undefined;
  },
  steps: [
    {
      says: "Azure Firewall is in the hub, in AzureFirewallSubnet.",
      evidence: (scene) => withFirewall(scene, isInItsSubnet),
    },
    {
      says: "A route sends 0.0.0.0/0 to the firewall's private address.",
      evidence: (scene) => withFirewall(scene, isRoutedTo),
    },
    { says: "The route's table is associated with integration-subnet.", evidence: isAssociated },
    {
      says: "A rule of integration-subnet's security group lets VirtualNetwork out to AzureMonitor on 443, with priority 498.",
      evidence: hasTheRule,
    },
    {
      says: "Application rules allow the hosts of Application Insights on 443.",
      evidence: (scene) => withFirewall(scene, allowsHosts),
    },
    { says: "The security group as a whole lets out what goes to AzureMonitor on 443.", evidence: letsOut },
  ],
};

function withFirewall(
  { primary, proof }: Scene,
  evidence: (firewall: Firewall, scene: Scene) => Evidence[],
): Evidence[] {
  const firewall = proof.model.firewalls.find(({ networkId }) => networkId === primary.hub.id);
  return firewall ? evidence(firewall, { primary, proof }) : missing(`firewall in ${primary.hub.name}`);
}

function isInItsSubnet({ name, ownAddresses, origin }: Firewall, { primary, proof }: Scene): Evidence[] {
  const subnet = proof.reach.lookup.subnetsOf(primary.hub.id).find((each) => each.name === "AzureFirewallSubnet");
  return [
    fact(subnet !== undefined && ownAddresses.isWithin(subnet.addresses), `${name} is in AzureFirewallSubnet`, origin),
  ];
}

function isRoutedTo({ address }: Firewall, { primary, proof }: Scene): Evidence[] {
  const tables = proof.model.routeTables.filter(({ id }) =>
    id.includes(`/resourcegroups/${primary.region.resourceGroups.network.toLowerCase()}/`),
  );
  const routes = tables.flatMap((table) => table.routes).filter(({ prefix }) => prefix === "0.0.0.0/0");
  if (routes.length === 0) return missing("route for 0.0.0.0/0");
  return routes.map((route) =>
    fact(
      route.nextHop === "VirtualAppliance" && route.address === address,
      `${route.name} leads to ${route.address ?? route.nextHop}`,
      route.origin,
    ),
  );
}

function isAssociated({ primary, proof }: Scene): Evidence[] {
  const { routeTableId, origin } = primary.integration;
  if (routeTableId === undefined) return [fact(false, "integration-subnet has no route table", origin)];
  return [fact(true, `integration-subnet has ${proof.reach.lookup.table(routeTableId).name}`, origin)];
}

function groupOf({ primary, proof }: Scene): SecurityGroup | undefined {
  const { securityGroupId } = primary.integration;
  return securityGroupId === undefined ? undefined : proof.reach.lookup.group(securityGroupId);
}

function hasTheRule(scene: Scene): Evidence[] {
  const group = groupOf(scene);
  const rule = group?.rules.find(
    ({ priority, direction, allows, sources, destinations, service }) =>
      priority === 498 &&
      direction === "Outbound" &&
      allows &&
      sources.join() === "VirtualNetwork" &&
      destinations.join() === "AzureMonitor" &&
      service.equals(tcp(443)),
  );
  return [
    fact(
      rule !== undefined,
      `${group?.name ?? "no security group"}: ${rule?.name ?? "no such rule"}`,
      rule?.origin ?? group?.origin,
    ),
  ];
}

function allowsHosts({ rules, rulesOrigin }: Firewall, { primary }: Scene): Evidence[] {
  const legacy = primary.stamp.telemetry.legacyHosts ? MONITORING_HOSTS : [];
  return ["live.applicationinsights.azure.com", "*.in.applicationinsights.azure.com", ...legacy].map((host) => {
    const rule = rules.find(
      ({ kind, allows, hosts, service, sources }) =>
        kind === "application" &&
        allows &&
        hosts?.includes(host) === true &&
        service.has(443) &&
        primary.integration.addresses.isWithin(sources),
    );
    return fact(rule !== undefined, `${host} on 443: ${rule?.name ?? "no rule"}`, rule?.origin ?? rulesOrigin);
  });
}

/** The rule may be another one: what counts is that none denies it first. */
function letsOut(scene: Scene): Evidence[] {
  const group = groupOf(scene);
  const { integration } = scene.primary;
  const [place] = scene.primary.apps;
  if (!group || !place) return missing("security group of integration-subnet");
  const flight = takeOff(place);
  const asked = common(flight.seen, { ...flight.seen, to: PUBLIC_ADDRESSES, service: tcp(443) });
  if (!asked) return missing("app in integration-subnet");
  const inMonitor = { ...flight, destination: { ...flight.destination, inTags: ["AzureMonitor"] } };
  const { passed, dropped } = throughGroup(
    narrowed(inMonitor, asked),
    group,
    "Outbound",
    integration,
    scene.proof.reach.lookup,
  );
  const [drop] = dropped;
  const step = drop?.[1] ?? passed[0]?.steps.at(-1);
  return [fact(dropped.length === 0, step?.by ?? group.name, step?.origin ?? group.origin)];
}
