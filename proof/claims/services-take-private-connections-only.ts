import type { GeneralClaim } from "../claim";

export const servicesTakePrivateConnectionsOnly: GeneralClaim = {
  name: "services-take-private-connections-only",
  why: "A service accepts connections by its public address, past every rule of the network.",
  needs: "stacks",
  check: ({ model }) =>
    model.services.flatMap(({ name, publicAccess, deniesByDefault, origin }) => [
      ...(publicAccess === "none"
        ? []
        : [
            {
              what: `${name} accepts connections from ${publicAccess === "all" ? "every address" : "some addresses"} of the Internet`,
              origin,
            },
          ]),
      ...(deniesByDefault
        ? []
        : [
            {
              what: `${name} has no rule that denies by default: it accepts every connection if its public access is ever switched on`,
              origin,
            },
          ]),
    ]),
};
