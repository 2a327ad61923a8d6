import type { DeclaredClaim } from "../claim";
import { regionParts } from "../declared/region-parts";

/** A DNS question can carry data to the servers of its name, past the firewall. So what the topology does not use is refused before BIND asks for it. */
export const forwardersAnswerListedNamesOnly: DeclaredClaim = {
  name: "forwarders-answer-listed-names-only",
  why: "A question for any name is forwarded, and can carry data out past the firewall.",
  needs: "topology",
  check: ({ topology, reach, model }) =>
    topology.stamps
      .filter(({ forwarders }) => forwarders?.resolve === "listed")
      .flatMap((stamp) => stamp.regions.map((region) => regionParts(stamp, region, reach).hub.id))
      .flatMap((hubId) =>
        model.forwarders.filter(
          ({ networkId, isDeclared, configuration }) =>
            networkId === hubId && !isDeclared && configuration !== undefined && configuration.listed === undefined,
        ),
      )
      .map(({ name, origin }) => ({ what: `${name} answers names that nothing lists`, origin })),
};
