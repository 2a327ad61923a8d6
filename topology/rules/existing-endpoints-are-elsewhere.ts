import { AZURE_RESOLVER } from "../../azure-facts/addresses";
import { contains, isPrivate } from "../cidr";
import { type Placed, placed, regionsOf, repeated, stampsOf } from "../draft";
import type { Mistake } from "../mistake";
import type { Region, Stamp } from "../schema";
import type { TopologyRule } from "./topology-rule";

type Endpoint = Stamp["access"]["existingEndpoints"][number];

/** What exists has private addresses beyond the networks that this topology fills, on a way that each region has which uses it. */
export const existingEndpointsAreElsewhere: TopologyRule = (topology) => {
  const all = stampsOf(topology).flatMap(regionsOf);
  return stampsOf(topology).flatMap((stamp) => {
    const regions = regionsOf(stamp);
    const entries = placed<Endpoint>(stamp.it.access?.existingEndpoints, `${stamp.at}.access.existingEndpoints`);
    // A rule's name has the first host and the port.
    const flows = entries.flatMap(({ at, it }) => {
      const ports = it.ports === undefined ? [{ at: `${at}.ports`, it: 443 }] : placed<number>(it.ports, `${at}.ports`);
      const wanted = it.regions === undefined ? regions.map((each) => each.it.location) : it.regions;
      return placed<string>(it.hosts, `${at}.hosts`).flatMap((host) =>
        ports.flatMap((port) =>
          wanted.map((location) => ({ at: port.at, value: `${host.it}:${port.it} in ${location ?? ""}` })),
        ),
      );
    });
    const known = regions.flatMap(({ it }) => it.location ?? []);
    const twice = repeated(flows).map(({ at: path, value, first }) => ({
      path,
      got: value,
      expected: `a host, port and region that ${first} does not have`,
      fix: "name it once",
    }));
    const misplaced = entries.flatMap(({ at, it }) => {
      const addresses = placed<string>(it.addresses, `${at}.addresses`);
      const wanted = placed<Endpoint["addresses"][number]>(it.regions, `${at}.regions`);
      const users = regions.filter(
        ({ it: region }) => wanted.length === 0 || wanted.some((each) => each.it === region.location),
      );
      return [
        ...addresses.flatMap(({ at: path, it: address }) => placeMistake(path, address, users, all)),
        ...repeated(addresses.map(({ at: path, it: value }) => ({ at: path, value }))).map(
          ({ at: path, value, first }) => ({
            path,
            got: `"${value}"`,
            expected: `another address than ${first}`,
            fix: "name it once",
          }),
        ),
        ...wanted
          .filter((each) => known.length > 0 && !known.some((location) => location === each.it))
          .map(({ at: path, it: location }) => ({
            path,
            got: `"${location}"`,
            expected: `one of the stamp's regions, ${known.join(", ")}`,
            fix: "correct the region",
          })),
      ];
    });
    return [...misplaced, ...twice];
  });
};

function placeMistake(
  path: string,
  address: string,
  users: readonly Placed<Region>[],
  all: readonly Placed<Region>[],
): Mistake[] {
  const block = `${address}/32`;
  const mistake = (expected: string, fix: string) => [{ path, got: `"${address}"`, expected, fix }];
  if (!isPrivate(block) || address === AZURE_RESOLVER) {
    return mistake(
      "a private address",
      "name hosts on the Internet in access.egress: a firewall tells those by their names",
    );
  }
  const inside = (cidr: string | undefined) => cidr !== undefined && contains(cidr, block);
  const spoke = all.find(({ it }) => inside(it.spoke?.addressSpace));
  if (spoke) {
    return mistake(
      `an address outside the spoke ${spoke.it.spoke?.addressSpace ?? ""}`,
      "name a resource in access.privateServices: its endpoint is built in the spoke",
    );
  }
  const hub = all.find(({ it }) => inside(it.hub?.addressSpace));
  if (!hub) return [];
  const taken = [hub.it.hub?.firewallSubnet, hub.it.hub?.gatewaySubnet, hub.it.hub?.dnsSubnet].find(inside);
  if (taken !== undefined)
    return mistake(`an address outside ${taken}, which the topology fills`, "correct the address");
  const far = users.find(({ at }) => at !== hub.at);
  return far
    ? mistake(
        `an address that ${far.at} reaches: ${hub.it.hub?.addressSpace ?? ""} is the hub of ${hub.at}`,
        "name the regions that use it in regions",
      )
    : [];
}
