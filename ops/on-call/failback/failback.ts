import { situationOf } from "../situation";
import { situationText } from "../situation-text";
import { stampOnCall } from "../stamp-on-call";
import { drain } from "./drain";
import { deployFirst, endEdit, pairEdit } from "./edits";
import { pairAgain, untilPaired } from "./pair-again";
import { recoveryStepOf } from "./recovery-step";

export interface FailbackOptions {
  readonly stamp?: string;
  /** Whether to move what waits in the former primary. */
  readonly move?: boolean;
  /** Messages a second. */
  readonly rate: number;
  readonly allSubscriptions?: boolean;
  readonly plan?: boolean;
  readonly yes?: boolean;
  /** How long to wait for the pairing, in seconds. */
  readonly wait: number;
}

/**
 * Makes a pair again after a failover, one step a run. Which step is next is found in Azure, in the topology and in Terraform's state: it is safe to run again, and to interrupt.
 *
 * @throws MissingRequirement where a step needs the network and this host is not in it; Failure where Azure refuses, or what Azure has does not fit the topology
 */
export async function failback(options: FailbackOptions): Promise<void> {
  const onCall = await stampOnCall(options.stamp);
  const { stamp } = onCall;
  const situation = await situationOf(onCall);
  say(situationText(stamp, situation));
  const { alias, state } = situation;
  const step = recoveryStepOf(stamp, situation);
  switch (step.kind) {
    case "whole":
      say(
        `${step.primary.namespace} is the primary of ${alias}, ${step.partner} its secondary, and the topology says so: there is nothing to recover.`,
      );
      say("Check with npm run deploy -- --plan: it shows no changes.");
      return;
    case "drain":
      say(await drain(onCall, step.primary, step.former, options));
      return;
    case "pair":
      say(await pairAgain(onCall, situation, step, options));
      return;
    case "declare":
      await untilPaired(onCall, alias, step, options.wait);
      say(pairEdit(stamp));
      return;
    case "finish": {
      await untilPaired(onCall, alias, step, options.wait);
      const isInState =
        "unread" in state || state.value.pairing?.primary.toLowerCase() === step.primary.namespace.toLowerCase();
      say(isInState ? endEdit(stamp) : deployFirst("Terraform's state does not have the pairing yet."));
    }
  }
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}
