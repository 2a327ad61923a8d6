import type { GeneralClaim } from "../claim";

export const eachAppHasOneIdentity: GeneralClaim = {
  name: "each-app-has-one-identity",
  why: "An app without an identity gets no token; two apps with one identity have each other's rights.",
  needs: "stacks",
  check: ({ model }) =>
    model.apps.flatMap(({ name, identityIds, origin }) => {
      const shared = model.apps.filter(
        (other) => other.name !== name && other.identityIds.some((id) => identityIds.includes(id)),
      );
      return [
        ...(identityIds.length === 1 ? [] : [{ what: `${name} has ${identityIds.length} identities`, origin }]),
        ...shared.map((other) => ({ what: `${name} and ${other.name} have one identity`, origin })),
      ];
    }),
};
