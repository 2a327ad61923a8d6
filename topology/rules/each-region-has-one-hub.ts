import { contains } from "../cidr";
import { placed, regionsOf, stampsOf } from "../draft";
import type { Mistake } from "../mistake";
import type { TopologyRule } from "./topology-rule";

/** A hub is built or exists; one that is built needs forwarders, and one that exists has an egress of its own. */
export const eachRegionHasOneHub: TopologyRule = (topology) =>
  stampsOf(topology).flatMap((stamp): Mistake[] => {
    const regions = regionsOf(stamp);
    const wrong = regions.flatMap(({ at, it }): Mistake[] => {
      const [built, existing] = ["hub" in it, "existingHub" in it];
      if (built && existing) {
        return [
          {
            path: `${at}.existingHub`,
            got: "an existing hub and a built one",
            expected: "one of the two",
            fix: "remove hub or existingHub",
          },
        ];
      }
      if (built || existing) return [];
      return [
        {
          path: `${at}.hub`,
          got: "nothing",
          expected: "hub, which is built, or existingHub",
          fix: "add one of the two",
        },
      ];
    });
    const isBuilt = regions.some(({ it }) => "hub" in it);
    const isExisting = regions.some(({ it }) => "existingHub" in it);
    if (isBuilt && !("forwarders" in stamp.it)) {
      wrong.push({
        path: `${stamp.at}.forwarders`,
        got: "nothing",
        expected: "the forwarders of the hubs that are built",
        fix: "add forwarders, with an sshPublicKey at least",
      });
    }
    const via = stamp.it.egress?.via;
    if (isExisting && via !== undefined && via !== "firewall") {
      wrong.push({
        path: `${stamp.at}.egress.via`,
        got: `"${via}"`,
        expected: "firewall, or no egress: an existing hub has an egress of its own",
        fix: "remove egress, or build the hub",
      });
    }
    return wrong;
  });

/** What a hub's owner declares of it has to be inside it. */
export const existingHubsAreWhole: TopologyRule = (topology) =>
  stampsOf(topology)
    .flatMap(regionsOf)
    .flatMap(({ at, it }) => {
      const spaces = placed<string>(it.existingHub?.addressSpaces, "").map((space) => space.it);
      const { filter, dns } = it.existingHub ?? {};
      const addresses = [
        ...(filter?.address === undefined ? [] : [{ at: `${at}.existingHub.filter.address`, it: filter.address }]),
        ...placed<string>(dns?.servers, `${at}.existingHub.dns.servers`),
      ].map((address) => ({ ...address, block: `${address.it}/32` }));
      const ranges = placed<string>(filter?.ranges, `${at}.existingHub.filter.ranges`).map((range) => ({
        ...range,
        block: range.it,
      }));
      if (spaces.length === 0) return [];
      return [...addresses, ...ranges]
        .filter(({ block }) => !spaces.some((space) => contains(space, block)))
        .map(({ at: path, it: value }) => ({
          path,
          got: `"${value}"`,
          expected: `within the hub's address spaces, ${spaces.join(", ")}`,
          fix: "correct it, or add the address space: the spoke reaches the hub's own addresses only",
        }));
    });
