import { MONITOR_ZONES } from "../../azure-facts/private-monitoring";
import { type Draft, placed, repeated, stampsOf } from "../draft";
import { OWN_ZONES, zoneName } from "../names";
import { offeredBy } from "../private-services";
import type { Stamp } from "../schema";
import type { TopologyRule } from "./topology-rule";

type ConditionalForward = NonNullable<Stamp["forwarders"]>["conditionalForwards"][number];

/** The zones in which the design's own names are found: what only Azure's resolver can answer. */
const AZURE_ZONES = OWN_ZONES.map((zone) => zoneName(zone).replace(/^privatelink\./, ""));

/** Those of services of the user's own, and of Azure Monitor's private link. */
function furtherZones({ access, monitoring }: Draft<Stamp>): string[] {
  const services = placed<Stamp["access"]["privateServices"][number]>(access?.privateServices, "");
  return [
    ...services.flatMap(({ it }) => offeredBy(it.resourceId ?? "").map(({ suffix }) => suffix)),
    ...(monitoring === "private-link"
      ? [
          "applicationinsights.azure.com",
          ...Object.values(MONITOR_ZONES).map((zone) => zone.replace(/^privatelink\./, "")),
        ]
      : []),
  ];
}

/** BIND refuses a zone twice, and a zone of Azure's sent to on-premises takes the namespaces and the alias away. */
export const conditionalForwardsSpareAzure: TopologyRule = (topology) =>
  stampsOf(topology).flatMap(({ at, it }) => {
    const forwards = placed<ConditionalForward>(
      it.forwarders?.conditionalForwards,
      `${at}.forwarders.conditionalForwards`,
    );
    return [
      ...repeated(forwards.map((forward) => ({ at: `${forward.at}.zone`, value: forward.it.zone }))).map(
        ({ at: path, value, first }) => ({
          path,
          got: `"${value}"`,
          expected: `a zone that ${first} does not have`,
          fix: "name all servers of a zone in one entry",
        }),
      ),
      ...forwards.flatMap(({ at: path, it: { zone } }) => {
        const taken = [...AZURE_ZONES, ...furtherZones(it)].find(
          (azure) => zone !== undefined && (within(azure, zone) || within(zone, azure)),
        );
        if (zone === undefined || taken === undefined) return [];
        return [
          {
            path: `${path}.zone`,
            got: `"${zone}"`,
            expected: `a zone that is neither ${taken} nor below it: only Azure's resolver answers for ${taken}`,
            fix: "forward the zones that are on-premises' own",
          },
        ];
      }),
    ];
  });

function within(zone: string, parent: string): boolean {
  return zone === parent || zone.endsWith(`.${parent}`);
}
