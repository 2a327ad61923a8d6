import { Failure } from "../../../failure";
import { isFormerPrimary } from "../../../topology/names";
import type { Stamp } from "../../../topology/schema";
import { notFound, onlyPrimaryOf } from "../failover-aim";
import type { NamespaceSituation, Situation } from "../situation";

/** What is left to do after a failover, by what Azure and the topology say. */
export type RecoveryStep =
  /** The pair is whole, and declared so. */
  | { readonly kind: "whole"; readonly primary: NamespaceSituation; readonly partner: string }
  /** The topology knows of no recovery: the former primary is drained, and the topology edited. */
  | { readonly kind: "drain"; readonly primary: NamespaceSituation; readonly former: NamespaceSituation }
  /** The alias is alone: it is paired with the former primary, emptied, or with a new namespace. */
  | {
      readonly kind: "pair";
      readonly primary: NamespaceSituation;
      readonly partner: NamespaceSituation;
      readonly isFormer: boolean;
    }
  /** Azure has the pair, and the topology does not declare it. */
  | { readonly kind: "declare"; readonly primary: NamespaceSituation; readonly partner: NamespaceSituation }
  /** The pair is declared, and the recovery still is. */
  | { readonly kind: "finish"; readonly primary: NamespaceSituation; readonly partner: NamespaceSituation };

/** @throws Failure where the topology and Azure do not fit each other */
export function recoveryStepOf(stamp: Stamp, situation: Situation): RecoveryStep {
  const primary = onlyPrimaryOf(situation);
  if (!primary) throw notFound(situation);
  const other = situation.namespaces.find((each) => each !== primary);
  if (!other)
    throw new Failure(`The topology has one namespace alone: there is nothing to pair ${primary.namespace} with.`);
  const partner = "value" in primary.pair ? primary.pair.value?.partner : undefined;
  const recovery = stamp.pairing?.recovery;
  const isFollowed = primary.region.location === stamp.primary;
  if (partner !== undefined && partner.toLowerCase() !== other.namespace.toLowerCase()) {
    throw new Failure(
      `${primary.namespace} is paired with ${partner}, which is no namespace of the topology: is this the topology that was deployed?`,
    );
  }
  if (recovery === undefined) {
    if (partner === undefined) return { kind: "drain", primary, former: other };
    if (isFollowed && stamp.pairing?.state === "paired") return { kind: "whole", primary, partner };
    throw new Failure(
      `Azure pairs ${primary.namespace}, the primary, with ${partner}. The topology says ${stamp.pairing?.state ?? "no pair"}, primary ${stamp.primary}. ${
        isFollowed
          ? 'Set pairing.state to "paired".'
          : `Set primary to "${primary.region.location}", pairing.state to "paired" and pairing.recovery to { from: "${partner}" }, deploy, and run npm run failback again.`
      }`,
    );
  }
  if (primary.namespace.toLowerCase() === recovery.from.toLowerCase()) {
    throw new Failure(
      `The alias ${situation.alias} names ${primary.namespace} again, from which the topology's recovery began. Take pairing.recovery away, set pairing.state to "failed-over", deploy, and run npm run failback again.`,
    );
  }
  if (!isFollowed) {
    throw new Failure(
      `The alias ${situation.alias} names ${primary.namespace}, and the topology's primary is ${stamp.primary}. In a recovery they are the same: set primary to "${primary.region.location}". If the new pair has failed over again: take pairing.recovery away, and set pairing.state to "failed-over".`,
    );
  }
  if (partner === undefined)
    return { kind: "pair", primary, partner: other, isFormer: isFormerPrimary(stamp, other.region) };
  return { kind: stamp.pairing?.state === "paired" ? "finish" : "declare", primary, partner: other };
}
