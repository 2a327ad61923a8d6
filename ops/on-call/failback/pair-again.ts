import { setTimeout as pause } from "node:timers/promises";
import { Failure } from "../../../failure";
import { type Entity, entitiesOf } from "../../../operator/entities";
import { pair, pairStateOf } from "../../../operator/pair-state";
import { reasonOf } from "../../../operator/service-bus-management";
import { ArmIds } from "../../../topology/arm-ids";
import { serviceBusHost } from "../../../topology/names";
import { confirmed } from "../confirm";
import { npmRun } from "../npm-run";
import { refuseOutside } from "../refusals";
import type { NamespaceSituation, Situation } from "../situation";
import { roleText } from "../situation-text";
import { aliasOf, type StampOnCall } from "../stamp-on-call";
import { deleteEmpty } from "./delete-entities";
import { deployFirst, pairEdit } from "./edits";
import { moveMessages, type MoveOptions } from "./move-messages";

export interface PairAgainOptions extends MoveOptions {
  readonly move?: boolean;
  /** In seconds. */
  readonly wait: number;
}

export interface NewPair {
  readonly primary: NamespaceSituation;
  readonly partner: NamespaceSituation;
  /** Whether the partner is the former primary, whose entities have to go first. */
  readonly isFormer: boolean;
}

const POLL_MS = 2_000;

/**
 * Empties the former primary where it is to be the secondary, and pairs. Each entity is closed for senders, proven empty, and deleted: one that has a message stops the command, and takes messages
 * again.
 *
 * @throws Failure where an entity is not empty, or Azure refuses; MissingRequirement where this host cannot look into the entities
 */
export async function pairAgain(
  onCall: StampOnCall,
  { alias, state }: Situation,
  newPair: NewPair,
  options: PairAgainOptions,
): Promise<string> {
  const { bus, stamp } = onCall;
  const { primary, partner, isFormer } = newPair;
  const former = stamp.pairing?.recovery?.from ?? "";
  if ("value" in state && state.value.homes.some((home) => home.toLowerCase() === former.toLowerCase()))
    return deployFirst(stamp, `Terraform's state still has the entities of ${former}.`);
  if ("unread" in partner.counts) {
    if (isFormer)
      throw new Failure(`${partner.namespace} cannot be read (${partner.counts.unread}): nothing was changed.`);
    return deployFirst(stamp, `${partner.namespace} is not there yet, or cannot be read (${partner.counts.unread}).`);
  }
  const missing = endpointsMissing(primary, partner);
  if (missing !== undefined) return deployFirst(stamp, missing);
  if (isFormer && options.move) await moveMessages(onCall, partner, primary, options);
  const entities = await entitiesOf(bus, partner);
  if (!isFormer && entities.length > 0) {
    throw new Failure(
      `${partner.namespace} is to be the secondary, and has entities: ${entities.map(({ name }) => name).join(", ")}. Azure pairs with an empty namespace alone.`,
    );
  }
  say(planText(alias, newPair, entities));
  if ("unread" in state)
    say(`› Whether the edit is deployed is not known, because Terraform's state was ${state.unread}\n`);
  if (options.plan) return "Nothing was changed.";
  if (entities.length > 0) await refuseOutside([serviceBusHost(partner.namespace)]);
  const asked = `Pair ${primary.namespace} with ${partner.namespace}`;
  const question = "unread" in state ? `Is the edit of the topology deployed? ${asked}, if so?` : `${asked}?`;
  if (!(await confirmed(question, options.yes))) return "Nothing was changed.";
  if (entities.length > 0) await deleteEmpty(onCall, partner, entities);
  try {
    await pair(bus, primary, alias, new ArmIds(onCall.session.subscription).namespace(partner.region));
  } catch (error) {
    // The answer may have been lost, and the pairing begun.
    const now = await pairStateOf(bus, primary, alias);
    if (!("value" in now) || now.value?.partner === undefined)
      throw new Failure(
        `Azure refused the pairing of ${primary.namespace} with ${partner.namespace}: ${reasonOf(error)}`,
      );
  }
  await untilPaired(onCall, newPair, options.wait);
  return pairEdit(stamp);
}

/** @throws Failure where it takes longer */
export async function untilPaired(
  onCall: StampOnCall,
  { primary, partner }: Pick<NewPair, "primary" | "partner">,
  wait: number,
): Promise<void> {
  const alias = aliasOf(onCall.stamp);
  const until = Date.now() + wait * 1_000;
  for (;;) {
    const [one, other] = await Promise.all([primary, partner].map((own) => pairStateOf(onCall.bus, own, alias)));
    const isDone = (state: typeof one, role: string) =>
      state && "value" in state && state.value?.role === role && state.value.provisioning === "Succeeded";
    if (isDone(one, "Primary") && isDone(other, "Secondary")) break;
    if (Date.now() > until) {
      const seen = [
        [primary, one],
        [partner, other],
      ] as const;
      throw new Failure(
        `The pairing of ${primary.namespace} with ${partner.namespace} has begun, and is not complete: ${seen.map(([{ namespace }, state]) => `${namespace}: ${state ? roleText(state) : "unknown"}`).join("; ")}. Run ${npmRun(onCall.stamp, "failback")} again: it goes on waiting.`,
      );
    }
    await pause(POLL_MS);
  }
  say(`✔ ${primary.namespace} is the primary of ${alias}, ${partner.namespace} its secondary`);
}

/** Azure pairs where both have an endpoint; the apps need one in each spoke. */
function endpointsMissing(primary: NamespaceSituation, partner: NamespaceSituation): string | undefined {
  if ("unread" in partner.endpoints)
    return `The endpoints of ${partner.namespace} cannot be read (${partner.endpoints.unread}).`;
  const approved = (each: NamespaceSituation) =>
    "value" in each.endpoints ? [...each.endpoints.value.values()].filter((status) => status === "Approved").length : 0;
  if (approved(partner) > 0 && approved(partner) >= approved(primary)) return undefined;
  return `${partner.namespace} has ${approved(partner)} approved endpoints, and ${primary.namespace} ${approved(primary)}.`;
}

function planText(alias: string, { primary, partner, isFormer }: NewPair, entities: readonly Entity[]): string {
  const steps = [
    ...(isFormer && entities.length > 0
      ? [
          `${entities.map(({ name }) => name).join(", ")} of ${partner.namespace} are closed for senders, proven empty, and deleted. This needs the network.`,
        ]
      : []),
    `Resource Manager is asked to pair ${primary.namespace} with ${partner.namespace}. It copies the entities of ${primary.namespace}, and no message.`,
    "The command waits until both say so.",
  ];
  return [`New pair of ${alias}`, ...steps.map((step, index) => `  ${index + 1}. ${step}`), ""].join("\n");
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}
