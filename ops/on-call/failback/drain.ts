import { entitiesOf } from "../../../operator/entities";
import type { Stamp } from "../../../topology/schema";
import { npmRun } from "../npm-run";
import type { NamespaceSituation } from "../situation";
import type { StampOnCall } from "../stamp-on-call";
import { startEdit } from "./edits";
import { moveMessages, type MoveOptions } from "./move-messages";
import { emptinessOf } from "./proof-of-empty";

export interface DrainOptions extends MoveOptions {
  readonly move?: boolean;
}

/** Shows what the former primary still holds, moves it where that is asked for, and says how the recovery begins. */
export async function drain(
  onCall: StampOnCall,
  primary: NamespaceSituation,
  former: NamespaceSituation,
  options: DrainOptions,
): Promise<string> {
  const { stamp } = onCall;
  if (options.move) await moveMessages(onCall, former, primary, options);
  const missing = await missingOn(onCall, primary);
  if (missing.length > 0) {
    return [
      `✖ ${primary.namespace} does not have ${missing.join(", ")}: after the failover a new entity was created on ${former.namespace} alone, and the alias does not lead there.`,
      "",
      "Next",
      "  Take it out of the topology until there is a pair again, deploy, and run the command again.",
    ].join("\n");
  }
  const emptiness = await emptinessOf(onCall, former);
  const other = [
    "Pair with a new namespace, as Microsoft advises",
    startEdit(stamp, primary, former, "new"),
    leftBehind(former),
  ];
  if ("unknown" in emptiness) {
    return [
      `› Whether ${former.namespace} is empty is not known: ${emptiness.unknown}`,
      "",
      "Next",
      "  Run the command again where that can be seen, or leave the former primary as it is:",
      "",
      ...other,
    ].join("\n");
  }
  if (emptiness.held.length > 0) {
    return [
      `› ${former.namespace} still holds`,
      ...emptiness.held.map((line) => `    ${line}`),
      "",
      "Next",
      ...howToDrain(stamp, former),
      "",
      "Or, with those messages left behind:",
      "",
      ...other,
    ].join("\n");
  }
  const { closed } = emptiness;
  return [
    ...(closed.length > 0
      ? [
          `› ${closed.join(", ")}: no receiver is let in. By the counts it is empty; it is looked into before it is deleted.`,
        ]
      : []),
    `✔ ${former.namespace} is empty: no message is active, scheduled, deferred, dead-lettered or in transfer`,
    "",
    "Next, one of these",
    "",
    "Pair again with the former primary, emptied",
    startEdit(stamp, primary, former, "former"),
    "",
    ...other,
  ].join("\n");
}

/** What takes messages out of the former primary. */
export function howToDrain(stamp: Stamp, former: NamespaceSituation): string[] {
  return [
    `  Its own consumers in ${former.region.location} process what is active. ${npmRun(stamp, "failback")} shows what is left.`,
    `  ${npmRun(stamp, "failback", "--move")} moves messages to the new primary.`,
    `  ${npmRun(stamp, "dead-letters", "redrive", "<entity>")} sends dead letters again, export keeps them in a file.`,
  ];
}

/** Entities of the topology that the new primary does not have. */
async function missingOn({ bus, stamp }: StampOnCall, primary: NamespaceSituation): Promise<string[]> {
  const there = new Set((await entitiesOf(bus, primary)).map(({ name }) => name.toLowerCase()));
  return [...stamp.queues, ...stamp.topics].map(({ name }) => name).filter((name) => !there.has(name.toLowerCase()));
}

function leftBehind({ namespace }: NamespaceSituation): string {
  return `  ${namespace} and what it holds stay in Azure, without an endpoint; Terraform no longer knows it. Delete it when it is no longer needed.`;
}
