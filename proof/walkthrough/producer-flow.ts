import { all } from "../../synthesized/resources";
import { idIn, partOf, text } from "../../synthesized/views/attributes";
import { originOf } from "../network/terraform/origins";
import {
  appPlace,
  busEndpoint,
  questionsReachTheForwarders,
  theConnectionOpens,
  theForwardersFindTheEndpoint,
  theNetworkNamesTheForwarders,
} from "./shared";
import { type Evidence, fact, missing, type Scene, type Walk } from "./step";

/** "Producer Flow" of the design document: from workload-subnet. */
export const producerFlow: Walk = {
  title: "Producer Flow",
  absent: ({ primary }) =>
    primary.stamp.access.producersInWorkloadSubnet
      ? undefined
      : "the topology lets no producer in workload-subnet send (access.producersInWorkloadSubnet)",
  steps: [
    {
      says: "A producer in workload-subnet sends to a queue of the namespace, by its identity.",
      evidence: mayBeSentTo,
    },
    { says: "The namespace is reached by its private endpoint alone.", evidence: isPrivate },
    {
      says: "The producer asks for the namespace's name: its question reaches the forwarders.",
      evidence: ({ primary, proof }) => questionsReachTheForwarders(primary.hosts, primary, proof.reach),
    },
    {
      says: "The network of the producer names the forwarders in the hub as its DNS servers.",
      evidence: ({ primary }) => theNetworkNamesTheForwarders(primary),
    },
    {
      says: "The forwarders ask Azure's resolver, which answers from the private zone with the endpoint's address.",
      evidence: ({ primary, proof }) => theForwardersFindTheEndpoint(primary, primary, proof.reach),
    },
    {
      says: "The producer connects to the endpoint's address, and sends.",
      evidence: ({ primary, proof }) => theConnectionOpens(primary.hosts, primary, primary, proof.reach),
    },
  ],
};

/** The entities on the primary, and who may send to them. */
function mayBeSentTo({ primary, proof }: Scene): Evidence[] {
  const { stamp, region } = primary;
  const namespace = proof.model.services.find(
    ({ kind, name }) => kind === "serviceBus" && name.toLowerCase() === region.serviceBus.namespace.toLowerCase(),
  );
  if (!namespace) return missing(`namespace ${region.serviceBus.namespace}`);
  const entities = all(proof.stacks, "azurerm_servicebus_queue", "azurerm_servicebus_topic").map(partOf);
  const declared = [...stamp.queues, ...stamp.topics].map(({ name }) => name);
  const producer = appPlace(primary, region.functionApps.producer);
  const principals = [
    ...stamp.access.senders.map(({ principalId }) => principalId),
    ...(producer?.app?.identityIds ?? []),
  ];
  return [
    ...declared.map((name) => {
      const found = entities.find(
        (entity) => text(entity, "name") === name && idIn(entity, "namespace_id") === namespace.id,
      );
      return fact(found !== undefined, `${name} is in ${namespace.name}`, found && originOf(found));
    }),
    ...principals.map((principal) => {
      const role = proof.model.roles.find(
        (each) =>
          each.principal === principal &&
          each.name === "Azure Service Bus Data Sender" &&
          (each.scope === namespace.id || each.scope.startsWith(`${namespace.id}/`)),
      );
      return fact(role !== undefined, `${principal.split("/").at(-1) ?? principal} may send by its role`, role?.origin);
    }),
  ];
}

function isPrivate({ primary, proof }: Scene): Evidence[] {
  const endpoint = busEndpoint(primary, primary, proof.reach);
  const namespace = proof.model.services.find(({ id }) => id === endpoint?.targetId);
  if (!endpoint || !namespace) return missing(`endpoint of ${primary.region.serviceBus.namespace}`);
  return [
    fact(
      namespace.publicAccess === "none",
      `${namespace.name} accepts no connection from the Internet`,
      namespace.origin,
    ),
    fact(true, `the endpoint ${endpoint.name} leads to it`, endpoint.origin),
  ];
}
