import type { StampOnCall } from "../stamp-on-call";
import { messagesIn, type NamespaceSituation } from "../situation";
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
  if (options.move && messagesIn(former) !== 0) await moveMessages(onCall, former, primary, options);
  const emptiness = await emptinessOf(onCall, former);
  const { stamp } = onCall;
  const kept = ["Pair again with the former primary, emptied", startEdit(stamp, primary, former, true)];
  const other = ["Pair with a new namespace, as Microsoft advises", startEdit(stamp, primary, former, false)];
  if ("unknown" in emptiness) {
    return [
      `› Whether ${former.namespace} is empty is not known: ${emptiness.unknown}`,
      "",
      "Next",
      "  Run the command again where that can be seen, or leave the former primary as it is:",
      "",
      ...other,
      leftBehind(former),
    ].join("\n");
  }
  if (emptiness.held.length > 0) {
    return [
      `› ${former.namespace} still holds`,
      ...emptiness.held.map((line) => `    ${line}`),
      "",
      "Next",
      `  Its own consumers in ${former.region.location} process what is active. npm run failback shows what is left.`,
      "  npm run failback -- --move moves messages to the new primary.",
      "  npm run dead-letters -- redrive <entity> sends dead letters again, export keeps them in a file.",
      "",
      "Or, with those messages left behind: pair with a new namespace",
      startEdit(stamp, primary, former, false),
      leftBehind(former),
    ].join("\n");
  }
  return [
    `✔ ${former.namespace} is empty: no message is active, scheduled, deferred, dead-lettered or in transfer`,
    "",
    "Next, one of these",
    "",
    ...kept,
    "",
    ...other,
    leftBehind(former),
  ].join("\n");
}

function leftBehind({ namespace }: NamespaceSituation): string {
  return `  ${namespace} and what it holds stay in Azure, without an endpoint; Terraform no longer knows it. Delete it when it is no longer needed.`;
}
