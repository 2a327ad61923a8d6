import { Failure } from "../../failure";
import type { NamespaceSituation, Situation } from "./situation";

/** What is to be done, by the roles that Azure shows. */
export type Aim =
  | { readonly kind: "fail over"; readonly from: NamespaceSituation; readonly to: NamespaceSituation }
  /** Azure changes the pair already: it is waited for, and not asked again. */
  | { readonly kind: "under way"; readonly from?: NamespaceSituation; readonly to: NamespaceSituation }
  | { readonly kind: "over"; readonly from?: NamespaceSituation; readonly to: NamespaceSituation };

/** The roles in Azure say which namespace is which, and not the topology. @throws Failure where they do not */
export function aimOf(situation: Situation): Aim {
  const { namespaces } = situation;
  const to = withRole(situation, /^Secondary$/);
  const isUnderWay = to && "value" in to.pair && to.pair.value?.provisioning !== "Succeeded";
  if (isUnderWay) {
    const from = namespaces.find((each) => each !== to);
    return { kind: "under way", to, ...(from ? { from } : {}) };
  }
  if (to) {
    const from = namespaces.find((each) => each !== to);
    const partner = "value" in to.pair ? to.pair.value?.partner : undefined;
    if (!from || partner?.toLowerCase() !== from.namespace.toLowerCase()) {
      throw new Failure(
        `${to.namespace} is the secondary of ${partner ?? "nothing"}, which is no namespace of the topology: is this the topology that was deployed?`,
      );
    }
    return { kind: "fail over", from, to };
  }
  const alone = onlyPrimaryOf(situation);
  if (alone) {
    const partner = "value" in alone.pair ? alone.pair.value?.partner : undefined;
    const others = namespaces.filter((each) => each !== alone);
    if (partner === undefined) return { kind: "over", to: alone, ...(others[0] ? { from: others[0] } : {}) };
    throw new Failure(
      `${alone.namespace} is the primary, and its secondary ${partner} cannot be read. A failover is asked of the secondary: try again once it answers.`,
    );
  }
  throw notFound(situation);
}

/** The namespace that has a role in the pair. */
export function withRole({ namespaces }: Situation, role: RegExp): NamespaceSituation | undefined {
  return namespaces.find(({ pair }) => "value" in pair && pair.value !== undefined && role.test(pair.value.role));
}

/** The namespace that the alias names. @throws Failure where Azure shows two: then it is not known which */
export function onlyPrimaryOf({ alias, namespaces }: Situation): NamespaceSituation | undefined {
  const [first, another] = namespaces.filter(
    ({ pair }) => "value" in pair && pair.value !== undefined && pair.value.role !== "Secondary",
  );
  if (!first || !another) return first;
  throw new Failure(
    `Azure shows both ${first.namespace} and ${another.namespace} as a primary of ${alias}: a failover may be under way. Run the command again in some minutes.`,
  );
}

/** No namespace that can be read has the alias. */
export function notFound({ alias, namespaces }: Situation): Failure {
  const reasons = namespaces.map(({ namespace, pair }) =>
    "unread" in pair ? `${namespace}: ${pair.unread}` : `${namespace} does not have it`,
  );
  return new Failure(`The alias ${alias} was not found: ${reasons.join("; ")}.`);
}
