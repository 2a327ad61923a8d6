import type { GeneralClaim } from "../claim";

export const servicesAcceptNoKeys: GeneralClaim = {
  name: "services-accept-no-keys",
  why: "Who has a key or a password needs no role, and nothing says who it was.",
  needs: "stacks",
  check: ({ model }) =>
    model.services.flatMap(({ name, acceptsBesideIdentities, origin }) =>
      acceptsBesideIdentities.map((what) => ({ what: `${name} accepts ${what} beside identities`, origin })),
    ),
};
