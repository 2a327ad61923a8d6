import { groupIn } from "../../azure-facts/arm-ids";
import { comesAfter } from "../../synthesized/order";
import { resourcesOf, type SynthesizedStack } from "../../synthesized/cdktf-out";
import { modelFrom } from "../../proof/network/from-stacks";
import { addressesText } from "../../proof/packets/addresses";
import { servicesText } from "../../proof/packets/services";
import type { Outcome } from "../../proof/reach/flight";
import { Reach } from "../../proof/reach/reach";
import { namesOf } from "../../proof/report/names";

/**
 * What a deployment does, by whichever names of rules and resources: each class of packets with what becomes of it, what each name leads to, who has which right, and what comes after
 * what. Two sets of stacks with one fingerprint are equivalent.
 */
export function fingerprint(stacks: readonly SynthesizedStack[]): string {
  const model = modelFrom(stacks);
  const reach = new Reach(model);
  const packets = reach.places.flatMap((place) =>
    merged(reach.from(place)).map((line) => `${addressesText(place.addresses)} ${line}`),
  );
  const names = namesOf(reach).map(
    ({ from, name, answer }) => `${reach.place(from).addresses.first} ${name} ${answer}`,
  );
  const holder = (principal: string) =>
    model.apps
      .filter(({ identityIds }) => identityIds.includes(principal))
      .map((app) => app.name)
      .join() || principal;
  // What telemetry is sent to has a name that nothing asks for.
  const whole = (scope: string) =>
    model.monitoring.some(({ id }) => id === scope) ? `insights of ${groupIn(scope)}` : scope;
  const roles = model.roles.map(({ name, principal, scope }) => `${holder(principal)} ${name} ${whole(scope)}`);
  const services = model.services.map(
    ({ id, publicAccess, acceptsBesideIdentities }) => `${id} ${publicAccess} ${acceptsBesideIdentities.join()}`,
  );
  const order = stacks.flatMap((stack) =>
    resourcesOf(stack).map(({ type, id, block }) => {
      const address = `${type}.${id}`;
      const before = [...comesAfter({ stack, type, id, block, address })].filter((each) => !CONTENT.test(each));
      return `${stack.name} ${address} ${before.sort().join()}`;
    }),
  );
  return [packets, names, roles, services, order].map((lines) => [...lines].sort().join("\n")).join("\n\n");
}

/** Of these it is what is in them that counts, not which one it is. */
const CONTENT = /^azurerm_(route_table|network_security_group)\./;

/** Two rules may let the same packets pass in other parts: outcomes that differ in nothing else are one. */
function merged(outcomes: readonly Outcome[]): string[] {
  const groups = new Map<string, Outcome[]>();
  for (const outcome of outcomes) {
    const { verdict, target, destination, sent } = outcome;
    const end = target?.kind === "endpoint" ? addressesText(target.endpoint.addresses) : (target?.kind ?? "");
    const key = JSON.stringify([
      verdict,
      verdict === "cannot" ? "" : end,
      verdict === "cannot" ? [] : (destination.hosts ?? []),
      addressesText(sent.from),
      addressesText(sent.to),
    ]);
    groups.set(key, [...(groups.get(key) ?? []), outcome]);
  }
  return [...groups]
    .filter(([, [first]]) => first?.verdict !== "cannot")
    .map(([key, members]) => {
      const services = members.map(({ sent }) => sent.service).reduce((one, other) => one.or(other));
      return `${key} ${servicesText(services)}`;
    });
}
