import { setTimeout as pause } from "node:timers/promises";
import { Failure, MissingRequirement } from "../../failure";
import { messageCountsOf } from "../../operator/message-counts";
import { pairStateOf } from "../../operator/pair-state";
import { reasonOf } from "../../operator/service-bus-management";
import type { Stamp } from "../../topology/schema";
import { confirmed } from "./confirm";
import { type Aim, aimOf } from "./failover-aim";
import {
  messagesIn,
  type NamespaceSituation,
  type Situation,
  situationOf,
  type SpokeSituation,
  spokesOf,
} from "./situation";
import { npmRun } from "./npm-run";
import { roleText, situationText } from "./situation-text";
import { type StampOnCall, stampOnCall } from "./stamp-on-call";

export interface FailoverOptions {
  readonly stamp?: string;
  /** Whether not to wait for replication: the primary's region is lost. */
  readonly forced?: boolean;
  readonly plan?: boolean;
  readonly yes?: boolean;
  /** How long to wait for the failover, and for the alias to answer, in seconds. */
  readonly wait: number;
}

const POLL_MS = 2_000;

/**
 * Fails the stamp's alias over to its secondary, asked of that one. It is found out from Azure what is left to do: a second run, or one after an interruption, goes on from there.
 *
 * @throws MissingRequirement where this host is not in the network; Failure where nothing can be failed over, or Azure refuses
 */
export async function failover(options: FailoverOptions): Promise<void> {
  const onCall = await stampOnCall(options.stamp);
  const situation = await situationOf(onCall);
  say(situationText(onCall.stamp, situation));
  const { alias } = situation;
  const aim = aimOf(situation);
  if (aim.kind === "under way") {
    say(`Azure changes the pair of ${alias} already: there is nothing to ask for.\n`);
    if (options.plan) return;
  } else if (aim.kind === "over") {
    say(`${alias} names ${aim.to.namespace} already, which has no partner: there is nothing left to fail over.\n`);
    if (options.plan) return;
  } else {
    refuseUnknown(aim, options);
    say(planText(aim, situation, options));
    if (options.plan) return;
    refuseOutside(situation, options);
    if (!(await confirmed(`Fail ${alias} over to ${aim.to.namespace}?`, options.yes))) {
      say("Nothing was changed.\n");
      return;
    }
    await begin(onCall, alias, aim, options.forced ?? false);
  }
  await finish(onCall, alias, aim, options);
}

/** A planned failover waits for the primary: what cannot be read of it would stop it half-way. */
function refuseUnknown({ from }: Extract<Aim, { kind: "fail over" }>, { forced }: FailoverOptions): void {
  if (forced || !("unread" in from.pair)) return;
  throw new Failure(
    `${from.namespace} cannot be read (${from.pair.unread}), and a planned failover waits for its replication. Nothing was changed. If its region is lost: --forced.`,
  );
}

function planText(
  { from, to }: Extract<Aim, { kind: "fail over" }>,
  { alias, spokes }: Situation,
  { forced }: FailoverOptions,
): string {
  const left = messagesIn(from);
  const behind = left === undefined ? "how many is not known" : left === 1 ? "1 of them now" : `${left} of them now`;
  return [
    `Failover of ${alias} from ${from.namespace} (${from.region.location}) to ${to.namespace} (${to.region.location}), ${
      forced ? "forced: it does not wait for replication" : "planned: it waits for pending replication"
    }`,
    `  1. Resource Manager is asked for the failover on ${to.namespace}. It is one way: the two are no longer paired afterwards.`,
    "  2. The command waits until the alias is there.",
    `  3. It asks the producers' health until the alias leads to ${to.namespace} from ${spokes.map(({ location, isReached }) => `${location}${isReached ? "" : " (not reached from this host)"}`).join(" and ")}. This needs the network.`,
    `  Messages stay in ${from.namespace}: ${behind}. Its own consumers process them while it answers.`,
    "",
  ].join("\n");
}

/** @throws MissingRequirement where no producer can be asked what the alias leads to */
function refuseOutside({ spokes }: Situation, { forced }: FailoverOptions): void {
  if (forced || spokes.length === 0 || spokes.some(({ isReached }) => isReached)) return;
  throw new MissingRequirement(
    `This host is not in the network, and nothing was changed: ${spokes.map(({ says }) => says).join("; ")}. Run the command on a host of access.operators.ranges that asks the region's forwarders. If the region is lost: --forced.`,
  );
}

async function begin({ bus }: StampOnCall, alias: string, { to }: Aim, forced: boolean): Promise<void> {
  try {
    await bus.disasterRecoveryConfigs.failOver(to.resourceGroup, to.namespace, alias, {
      parameters: { isSafeFailover: !forced },
    });
  } catch (error) {
    // The answer may have been lost, and the failover begun.
    const now = await pairStateOf(bus, to, alias);
    const state = "value" in now ? now.value : undefined;
    if (state && (state.role !== "Secondary" || state.provisioning !== "Succeeded")) return;
    throw new Failure(`Azure refused the failover of ${alias}: ${reasonOf(error)}. Nothing was changed.`);
  }
}

/** Waits for what Azure does, and shows what came of it. */
async function finish(onCall: StampOnCall, alias: string, { from, to }: Aim, { wait }: FailoverOptions): Promise<void> {
  const until = Date.now() + wait * 1_000;
  await primaryAt(onCall, alias, to, until);
  say(`✔ ${to.namespace} is the primary of ${alias}`);
  const answers = await answersFrom(onCall, to.namespace, until);
  for (const { location, says, leadsTo, isReached } of answers)
    say(`${leadsTo === to.namespace ? "✔" : isReached ? "✖" : "›"} from ${location}: ${says}`);
  if (from) {
    const left = messagesIn({ counts: await messageCountsOf(onCall.bus, from) });
    say(
      left === undefined
        ? `✖ ${from.namespace} cannot be read: how many messages stay in it is not known`
        : `${left === 0 ? "✔ no message stays" : `› ${left === 1 ? "1 message stays" : `${left} messages stay`}`} in ${from.namespace}`,
    );
  }
  say(afterwards(onCall.stamp, to, answers));
  const unseen = answers.filter(({ leadsTo, isReached }) => isReached && leadsTo !== to.namespace);
  if (unseen.length === 0) return;
  const silent = unseen.filter(({ isFinal }) => isFinal);
  throw new Failure(
    silent.length > 0
      ? `${alias} has failed over. Where its name leads could not be asked: ${silent.map(({ says }) => says).join("; ")}.`
      : `${alias} has failed over, and its name does not lead to ${to.namespace} from every spoke yet. Run ${npmRun(onCall.stamp, "failover")} again to look.`,
  );
}

/** @throws Failure where it takes longer */
async function primaryAt(
  { bus, stamp }: StampOnCall,
  alias: string,
  to: NamespaceSituation,
  until: number,
): Promise<void> {
  for (;;) {
    const state = await pairStateOf(bus, to, alias);
    if ("value" in state && state.value && state.value.role !== "Secondary" && state.value.provisioning === "Succeeded")
      return;
    if (Date.now() > until) {
      throw new Failure(
        `The failover of ${alias} has begun, and ${to.namespace} is not the primary yet: ${roleText(state)}. Run ${npmRun(stamp, "failover")} again: it goes on waiting.`,
      );
    }
    await pause(POLL_MS);
  }
}

async function answersFrom(onCall: StampOnCall, namespace: string, until: number): Promise<SpokeSituation[]> {
  for (;;) {
    const spokes = await spokesOf(onCall);
    // A spoke whose app does not answer may be lost with its region: it is asked again, and reported in the end.
    const waiting = spokes.filter(({ leadsTo, isReached, isFinal }) => isReached && !isFinal && leadsTo !== namespace);
    if (waiting.length === 0 || Date.now() > until) return spokes;
    await pause(POLL_MS);
  }
}

function afterwards(
  stamp: Stamp,
  { region, namespace }: NamespaceSituation,
  spokes: readonly SpokeSituation[],
): string {
  const elsewhere = spokes.filter(({ isReached }) => !isReached).map(({ location }) => location);
  return [
    "",
    "Afterwards",
    `  Set pairing.state to "failed-over" in topology.ts${stamp.name === undefined ? "" : ` (stamp ${stamp.name})`}: no plan then pairs again, and code and workloads stay deployable.`,
    `  Consumers in ${region.location} take from ${namespace}. The other region's consumers go on with what stayed in theirs.`,
    ...elsewhere.map(
      (location) =>
        `  Run ${npmRun(stamp, "failover", "--plan")} on a host in ${location} too: where the alias leads is seen from there.`,
    ),
    `  Check again with ${npmRun(stamp, "failover", "--plan")}. ${npmRun(stamp, "failback")} makes a pair again.`,
  ].join("\n");
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}
