import type { Stamp } from "../../topology/schema";
import type { DeclaredClaim, Violation } from "../claim";
import type { DeclaredFlow } from "../declared/declared-flow";
import { telemetryHosts } from "../declared/declared-flows";
import { regionParts } from "../declared/region-parts";

/** A DNS question can carry data to the servers of its name, past the firewall. So what the topology does not use is refused before BIND asks for it. */
export const forwardersAnswerListedNamesOnly: DeclaredClaim = {
  name: "forwarders-answer-listed-names-only",
  why: "A question for any name is forwarded, and can carry data out past the firewall.",
  needs: "topology",
  check: ({ topology, reach, model, flows }) =>
    topology.stamps
      .filter(({ forwarders }) => forwarders?.resolve === "listed")
      .flatMap((stamp) =>
        stamp.regions.flatMap((region) => {
          const { hub } = regionParts(stamp, region, reach);
          const meant = new Set([...namesOf(flows), ...ownNames(stamp)]);
          return model.forwarders
            .filter(({ networkId, isDeclared }) => networkId === hub.id && !isDeclared)
            .flatMap(({ name, configuration, origin }): Violation[] => {
              if (!configuration) return [];
              if (!configuration.listed) return [{ what: `${name} answers names that nothing lists`, origin }];
              return configuration.listed
                .filter((listed) => !meant.has(listed))
                .map((listed) => ({ what: `${name} answers for ${listed}, which nothing uses`, origin }));
            });
        }),
      ),
};

/** What declared flows ask for: names, and hosts on the Internet. */
function namesOf(flows: readonly DeclaredFlow[]): string[] {
  return flows.flatMap(({ names, hosts = [] }) => [...names, ...hosts]).map((name) => name.toLowerCase());
}

/** What the topology lists by itself, and the zones that other servers answer for. */
function ownNames(stamp: Stamp): string[] {
  const { forwarders } = stamp;
  const zones = (forwarders?.conditionalForwards ?? []).flatMap(({ zone }) => [zone, `*.${zone}`]);
  return [...(forwarders?.alsoResolve ?? []), ...zones, ...telemetryHosts(stamp)].map((name) => name.toLowerCase());
}
