import { nameIn } from "../../azure-facts/arm-ids";
import { placeOf } from "../../synthesized/resources";
import { dnsRecordsIn } from "../../synthesized/views/dns-record";
import { privateEndpointsIn } from "../../synthesized/views/private-endpoint";
import type { ProofRule } from "../proof-rule";

/** Two endpoints of one resource in one zone have one record: the later one's. */
export const namesAreRegisteredOnce: ProofRule = {
  name: "names-are-registered-once",
  why: "The second endpoint's zone group overwrites the first's record: the first region's hosts are sent to the other region's spoke.",
  check: (stacks) => {
    const first = new Map<string, string>();
    const endpoints = privateEndpointsIn(stacks);
    const records = dnsRecordsIn(stacks).flatMap((record) => {
      const own = endpoints.find(
        ({ zoneIds, targetId }) =>
          zoneIds.includes(record.zoneId) &&
          [nameIn(targetId), `${nameIn(targetId)}.scm`].some((label) => label.toLowerCase() === record.label),
      );
      return own
        ? [`${placeOf(record.resource)} is a record of a name that ${placeOf(own.resource)} registers in the same zone`]
        : [];
    });
    const twice = endpoints.flatMap(({ resource, targetId, subresource, zoneIds }) =>
      zoneIds.flatMap((zone) => {
        const key = `${zone} ${targetId} ${subresource}`;
        const before = first.get(key);
        if (before === undefined) {
          first.set(key, placeOf(resource));
          return [];
        }
        return [
          `${placeOf(resource)} registers the name of ${targetId} in ${zone}, where ${before} registers it already`,
        ];
      }),
    );
    return [...records, ...twice];
  },
};
