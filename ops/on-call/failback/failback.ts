import { UsageError } from "../../../failure";
import { situationOf } from "../situation";
import { situationText } from "../situation-text";
import { stampOnCall } from "../stamp-on-call";
import { drain } from "./drain";
import { deployFirst, endEdit, pairEdit } from "./edits";
import { pairAgain, type PairAgainOptions, untilPaired } from "./pair-again";
import { recoveryStepOf } from "./recovery-step";

export interface FailbackOptions extends PairAgainOptions {
  readonly stamp?: string;
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
  if (options.move && step.kind !== "drain" && !(step.kind === "pair" && step.isFormer))
    throw new UsageError(
      "--move moves messages out of the former primary, and there is none to move from in this step.",
    );
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
      await untilPaired(onCall, step, options.wait);
      say(pairEdit(stamp));
      return;
    case "finish": {
      await untilPaired(onCall, step, options.wait);
      const isInState =
        "unread" in state || state.value.pairing?.primary.toLowerCase() === step.primary.namespace.toLowerCase();
      say(isInState ? endEdit(stamp) : deployFirst(stamp, "Terraform's state does not have the pairing yet."));
    }
  }
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}
