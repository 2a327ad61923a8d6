import { nameIn } from "../../azure-facts/arm-ids";
import type { DeclaredClaim } from "../claim";
import { declaredRoles } from "../declared/declared-roles";
import { builtInOrigin } from "../network/origin";

/** Each right that is needed is given, on what it is needed for, and no other is. */
export const rolesAreAsDeclared: DeclaredClaim = {
  name: "roles-are-as-declared",
  why: "An identity is refused what it needs, or may do what it does not need.",
  needs: "topology",
  check: ({ model, reach, topology }) => {
    const declared = declaredRoles(topology, reach);
    const keyOf = ({ principal, scope }: { principal: string; scope: string }, role: string) =>
      `${principal.toLowerCase()} ${role} ${scope}`;
    const given = new Set(model.roles.map((role) => keyOf(role, role.name)));
    const meant = new Set(declared.map((each) => keyOf(each, each.role)));
    const app = (principal: string) =>
      model.apps.find(({ identityIds }) => identityIds.includes(principal.toLowerCase()));
    return [
      ...declared
        .filter((each) => !given.has(keyOf(each, each.role)))
        .map(({ principal, role, scope, what }) => ({
          what: `${what}, and has no role "${role}" on ${nameIn(scope)}`,
          origin: app(principal)?.origin ?? builtInOrigin(what),
        })),
      ...model.roles
        .filter((role) => !meant.has(keyOf(role, role.name)))
        .map(({ name, scope, principal, origin }) => ({
          what: `${origin.resource} gives ${nameIn(principal)} the role "${name}" on ${nameIn(scope)}, which the topology does not declare`,
          origin,
        })),
    ];
  },
};
