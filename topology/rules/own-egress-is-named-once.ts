import { placed, repeated, stampsOf } from "../draft";
import type { Stamp } from "../schema";
import type { TopologyRule } from "./topology-rule";

type Entry = Stamp["access"]["egress"][number];

/** A host on a port is allowed once: its rules have one name and one reason. */
export const ownEgressIsNamedOnce: TopologyRule = (topology) =>
  stampsOf(topology).flatMap(({ at, it }) =>
    repeated(
      placed<Entry>(it.access?.egress, `${at}.access.egress`).flatMap((entry) =>
        placed<string>(entry.it.hosts, `${entry.at}.hosts`).map((host) => ({
          at: host.at,
          value: `${host.it}:${entry.it.port ?? 443}`,
        })),
      ),
    ).map(({ at: path, value, first }) => ({
      path,
      got: value,
      expected: `another host or port than ${first}`,
      fix: "name it once",
    })),
  );
