import { contains } from "../cidr";
import { placed, regionsOf, repeated, stampsOf } from "../draft";
import { SERVICE_BUS_SUFFIX } from "../../azure-facts/private-link";
import type { Stamp } from "../schema";
import type { TopologyRule } from "./topology-rule";

type Endpoint = Stamp["access"]["existingEndpoints"][number];

/** What exists is in no spoke, which this topology fills; each name is kept once, and the namespaces' names are the topology's own. */
export const existingEndpointsAreElsewhere: TopologyRule = (topology) =>
  stampsOf(topology).flatMap((stamp) => {
    const endpoints = placed<Endpoint>(stamp.it.access?.existingEndpoints, `${stamp.at}.access.existingEndpoints`);
    const hosts = endpoints.flatMap(({ at, it }) => placed<string>(it.hosts, `${at}.hosts`));
    const spokes = regionsOf(stamp).flatMap(({ it }) => it.spoke?.addressSpace ?? []);
    return [
      ...endpoints
        .flatMap(({ at, it }) => placed<string>(it.addresses, `${at}.addresses`))
        .flatMap(({ at: path, it: address }) =>
          spokes
            .filter((spoke) => contains(spoke, `${address}/32`))
            .map((spoke) => ({
              path,
              got: `"${address}"`,
              expected: `an address outside the spoke ${spoke}`,
              fix: "name a resource in access.privateServices: its endpoint is built in the spoke",
            })),
        ),
      ...repeated(hosts.map(({ at, it }) => ({ at, value: it }))).map(({ at: path, value, first }) => ({
        path,
        got: `"${value}"`,
        expected: `a name that ${first} is not`,
        fix: "name all its addresses in one entry",
      })),
      ...hosts
        .filter(({ it }) => it.endsWith(`.${SERVICE_BUS_SUFFIX}`))
        .map(({ at: path, it }) => ({
          path,
          got: `"${it}"`,
          expected: `a name that is not below ${SERVICE_BUS_SUFFIX}: its zone keeps the stamp's own namespaces`,
          fix: "use the stamp's namespaces, or another name",
        })),
    ];
  });
