import type { Stamp } from "../../topology/schema";
import { table } from "../frame/table";
import { stateText } from "./pair-in-state";
import type { NamespaceSituation, Situation } from "./situation";

/** The state of a pair for people: each line says what was read, or that it is unknown and why. */
export function situationText(stamp: Stamp, { alias, namespaces, spokes, state }: Situation): string {
  return [
    `Alias ${alias}`,
    table(
      ["namespace", "region", "role", "replication", "endpoints"],
      namespaces.map((each) => [
        each.namespace,
        each.region.location,
        roleText(each.pair),
        replicationText(each),
        endpointsText(each),
      ]),
    ),
    "",
    "Messages",
    ...namespaces.flatMap(messageLines),
    "",
    "Where the alias leads",
    ...spokes.map(({ location, says }) => `  from ${location}: ${says}`),
    "",
    "What is declared",
    `  topology: ${stamp.pairing?.state ?? "no pair"}, primary ${stamp.primary}`,
    `  state: ${stateText(stamp, state)}`,
    "",
  ].join("\n");
}

export function roleText(pair: NamespaceSituation["pair"]): string {
  if ("unread" in pair) return `unknown: ${pair.unread}`;
  if (!pair.value) return "not of this alias";
  return pair.value.provisioning === "Succeeded" ? pair.value.role : `${pair.value.role} (${pair.value.provisioning})`;
}

function replicationText({ pair }: NamespaceSituation): string {
  if ("unread" in pair) return "unknown";
  if (!pair.value) return "-";
  const { partner, pendingReplications } = pair.value;
  return partner === undefined ? "no partner" : `${pendingReplications} pending, partner ${partner}`;
}

function endpointsText({ endpoints }: NamespaceSituation): string {
  if ("unread" in endpoints) return "unknown";
  const states = [...endpoints.value];
  if (states.length === 0) return "none";
  return states.map(([name, status]) => `${name} ${status}`).join(", ");
}

function messageLines({ namespace, counts }: NamespaceSituation): string[] {
  if ("unread" in counts) return [`  ${namespace}: unknown: ${counts.unread}`];
  const holding = counts.value.filter(({ total }) => total > 0);
  if (holding.length === 0) return [`  ${namespace}: none`];
  return [
    `  ${namespace}:`,
    table(
      ["entity", "active", "scheduled", "dead-lettered", "transfer", "all"],
      holding.map(({ entity, active, scheduled, deadLetter, transfer, total }) => [
        entity,
        active,
        scheduled,
        deadLetter,
        transfer,
        total,
      ]),
    ),
  ];
}
