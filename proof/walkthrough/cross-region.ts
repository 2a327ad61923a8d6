import { azureResolves } from "../reach/azure-resolver";
import { failedOver } from "../reach/public-dns";
import type { RegionParts } from "../declared/region-parts";
import { appPlace, busEndpoint, busHost, theConnectionOpens } from "./shared";
import { type Evidence, fact, missing, type Scene, type Walk } from "./step";

/** "Cross-Region redundancy" of the design document. */
export const crossRegion: Walk = {
  title: "Cross-Region redundancy for non-HTTP functions triggering on Service Bus",
  absent: ({ primary: { stamp }, secondary }) => {
    if (!secondary) return "the stamp has one region";
    return stamp.pairing?.state === "paired" ? undefined : `the pair is ${stamp.pairing?.state ?? "not declared"}`;
  },
  steps: [
    { says: "The namespaces are paired: the primary's entities are replicated to the secondary.", evidence: isPaired },
    { says: "Producers send to the alias, which leads to the primary.", evidence: producersSendToTheAlias },
    { says: "Consumers receive from their own region's namespace.", evidence: consumersWatchTheirOwn },
    { says: "A failover leads the alias to the other namespace, in both regions.", evidence: theAliasMoves },
    { says: "Producers of both regions then connect to that namespace.", evidence: producersReachTheOther },
    { says: "Its own region's consumer takes the messages there.", evidence: theOtherConsumerReceives },
  ],
};

function both({ primary, secondary }: Scene): RegionParts[] {
  return secondary ? [primary, secondary] : [primary];
}

function aliasOf({ primary }: Scene): string {
  return `${primary.stamp.pairing?.alias ?? ""}.servicebus.windows.net`;
}

function isPaired(scene: Scene): Evidence[] {
  const { primary, secondary, proof } = scene;
  const alias = proof.model.aliases.find(({ name }) => name === primary.stamp.pairing?.alias);
  if (!alias) return missing(`pairing ${primary.stamp.pairing?.alias ?? ""}`);
  const ends = (id: string | undefined, parts: RegionParts | undefined) =>
    id?.endsWith(`/${parts?.region.serviceBus.namespace.toLowerCase() ?? "none"}`) === true;
  return [
    fact(ends(alias.primaryId, primary), `its primary is ${alias.primaryId.split("/").at(-1) ?? ""}`, alias.origin),
    fact(
      ends(alias.partnerId, secondary),
      `its partner is ${alias.partnerId?.split("/").at(-1) ?? "not there"}`,
      alias.origin,
    ),
  ];
}

function producersSendToTheAlias(scene: Scene): Evidence[] {
  return both(scene).flatMap((parts) => {
    const { producer } = parts.region.functionApps;
    if (producer === undefined) return [];
    const app = appPlace(parts, producer)?.app;
    const host = app?.settings.ServiceBus__fullyQualifiedNamespace ?? "nothing";
    return [fact(host === aliasOf(scene), `${producer} sends to ${host}`, app?.origin)];
  });
}

function consumersWatchTheirOwn(scene: Scene): Evidence[] {
  return both(scene).map((parts) => {
    const { consumer } = parts.region.functionApps;
    const app = appPlace(parts, consumer)?.app;
    const host = app?.settings.ServiceBus__fullyQualifiedNamespace ?? "nothing";
    return fact(host === busHost(parts), `${consumer} receives from ${host}`, app?.origin);
  });
}

function theAliasMoves(scene: Scene): Evidence[] {
  const { secondary, proof } = scene;
  if (!secondary) return [];
  const { reach } = proof;
  return both(scene).map((parts) => {
    const { answer, steps } = azureResolves(aliasOf(scene), parts.hub.id, failedOver(reach.lookup), reach.lookup);
    const endpoint = busEndpoint(parts, secondary, reach) ?? busEndpoint(secondary, secondary, reach);
    const isFound = answer.kind === "private" && endpoint !== undefined && answer.addresses.includes(endpoint.address);
    const found = answer.kind === "private" ? answer.addresses.join(", ") : answer.kind;
    return fact(isFound, `in ${parts.region.location} the alias then leads to ${found}`, steps.at(-1)?.origin);
  });
}

function producersReachTheOther(scene: Scene): Evidence[] {
  const { secondary, proof } = scene;
  if (!secondary) return [];
  return both(scene).flatMap((parts) => {
    const place = appPlace(parts, parts.region.functionApps.producer);
    const holder = busEndpoint(parts, secondary, proof.reach) ? parts : secondary;
    return place ? theConnectionOpens(place, holder, secondary, proof.reach) : [];
  });
}

function theOtherConsumerReceives({ secondary, proof }: Scene): Evidence[] {
  if (!secondary) return [];
  const place = appPlace(secondary, secondary.region.functionApps.consumer);
  const endpoint = busEndpoint(secondary, secondary, proof.reach);
  if (!place || !endpoint) return missing(`consumer in ${secondary.region.location}`);
  const role = proof.model.roles.find(
    ({ principal, name, scope }) =>
      place.app?.identityIds.includes(principal) === true &&
      name === "Azure Service Bus Data Receiver" &&
      (scope === endpoint.targetId || scope.startsWith(`${endpoint.targetId}/`)),
  );
  return [
    ...theConnectionOpens(place, secondary, secondary, proof.reach),
    fact(role !== undefined, `${place.app?.name ?? ""} may receive by its role`, role?.origin),
  ];
}
