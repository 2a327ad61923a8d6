import { setTimeout as pause } from "node:timers/promises";
import { Failure } from "../../../failure";
import { closeForSenders, deleteEntity, type Entity, entitiesOf } from "../../../operator/entities";
import { pair, pairStateOf } from "../../../operator/pair-state";
import { reasonOf } from "../../../operator/service-bus-management";
import { ArmIds } from "../../../topology/arm-ids";
import { serviceBusHost } from "../../../topology/names";
import { confirmed } from "../confirm";
import { refuseOutside } from "../refusals";
import { messagesIn, type NamespaceSituation, type Situation } from "../situation";
import type { StampOnCall } from "../stamp-on-call";
import { deployFirst, pairEdit } from "./edits";
import { emptinessOf } from "./proof-of-empty";

export interface PairAgainOptions {
  readonly plan?: boolean;
  readonly yes?: boolean;
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
    return deployFirst(`Terraform's state still has the entities of ${former}.`);
  if (!isFormer && !isReady(partner))
    return deployFirst(`${partner.namespace} is not there yet, or has no approved endpoint.`);
  const entities = messagesIn(partner) === undefined ? [] : await entitiesOf(bus, partner);
  if (!isFormer && entities.length > 0) {
    throw new Failure(
      `${partner.namespace} is to be the secondary, and has entities: ${entities.map(({ name }) => name).join(", ")}. Azure pairs with an empty namespace alone.`,
    );
  }
  say(planText(alias, newPair, entities));
  if (options.plan) return "Nothing was changed.";
  if (entities.length > 0) await refuseOutside([serviceBusHost(partner.namespace)]);
  if (!(await confirmed(`Pair ${primary.namespace} with ${partner.namespace}?`, options.yes)))
    return "Nothing was changed.";
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
  await untilPaired(onCall, alias, newPair, options.wait);
  return pairEdit(stamp);
}

/** @throws Failure where it takes longer */
export async function untilPaired(
  { bus }: StampOnCall,
  alias: string,
  { primary, partner }: Pick<NewPair, "primary" | "partner">,
  wait: number,
): Promise<void> {
  const until = Date.now() + wait * 1_000;
  for (;;) {
    const [one, other] = await Promise.all([primary, partner].map((own) => pairStateOf(bus, own, alias)));
    const isDone = (state: typeof one, role: string) =>
      state && "value" in state && state.value?.role === role && state.value.provisioning === "Succeeded";
    if (isDone(one, "Primary") && isDone(other, "Secondary")) break;
    if (Date.now() > until) {
      throw new Failure(
        `The pairing of ${primary.namespace} with ${partner.namespace} has begun, and is not complete: ${JSON.stringify([one, other])}. Run npm run failback again: it goes on waiting.`,
      );
    }
    await pause(POLL_MS);
  }
  say(`✔ ${primary.namespace} is the primary of ${alias}, ${partner.namespace} its secondary`);
}

function isReady({ endpoints }: NamespaceSituation): boolean {
  return "value" in endpoints && [...endpoints.value.values()].includes("Approved");
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

/** All are closed, then proven, then deleted: a message that comes in between is found. */
async function deleteEmpty(onCall: StampOnCall, own: NamespaceSituation, entities: readonly Entity[]): Promise<void> {
  const { bus } = onCall;
  const reopenings: (() => Promise<void>)[] = [];
  for (const entity of entities) reopenings.push(await closeForSenders(bus, own, entity));
  const emptiness = await emptinessOf(onCall, own);
  if ("unknown" in emptiness || emptiness.held.length > 0) {
    for (const reopen of reopenings) await reopen();
    throw new Failure(
      "unknown" in emptiness
        ? `Whether ${own.namespace} is empty is not known, and nothing was deleted: ${emptiness.unknown}`
        : `${own.namespace} is not empty, and nothing was deleted: ${emptiness.held.join("; ")}. Let its consumers process them, or see npm run dead-letters.`,
    );
  }
  for (const entity of entities) {
    try {
      await deleteEntity(bus, own, entity);
    } catch (error) {
      throw new Failure(
        `Azure refused to delete ${entity.name} of ${own.namespace}: ${reasonOf(error)}. With protection.locks in the topology, set it to false and deploy first.`,
      );
    }
    say(`✔ ${entity.name} of ${own.namespace} was empty, and is deleted`);
  }
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}
