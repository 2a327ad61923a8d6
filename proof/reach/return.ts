import { common } from "../packets/packets";
import type { Subnet } from "../network/model";
import { type Flight, narrowed, type Step } from "./flight";
import type { Lookup } from "./lookup";
import { type Hop, routesAt } from "./routes";

interface Part {
  readonly flight: Flight;
  /** What breaks it. @default nothing does */
  readonly broken?: Step;
}

/**
 * Whether answers come back the way that the packets went. A firewall drops what it did not see begin, and what began elsewhere; security groups know the connection and let answers through.
 *
 * @returns the flight in parts that are treated alike, each with the step that breaks it, if one does
 */
export function symmetric(flight: Flight, subnet: Subnet, lookup: Lookup): Part[] {
  const { through, translatedBy, place } = flight;
  // The answer goes to the firewall's public address, and the Internet leads it there.
  if (place.kind === "internet" && !translatedBy) return [{ flight }];
  const routes = routesAt({ networkId: subnet.networkId, routeTableId: subnet.routeTableId }, lookup);
  return routes.flatMap(({ to, hop, name, origin }): Part[] => {
    const part = common(flight.seen, { ...flight.seen, from: to });
    if (!part) return [];
    const each = narrowed(flight, part);
    if (
      isWayBack(
        hop,
        through?.address,
        translatedBy?.networkId ?? place.subnet?.networkId ?? place.network?.id,
        place.kind,
      )
    ) {
      return [{ flight: each }];
    }
    const broken: Step = {
      stage: "return",
      by: `${subnet.name}: ${name}`,
      why: `answers take another way: ${wayOf(hop)}, and ${through ? `not ${through.name}` : "the packets came without it"}`,
      origin,
    };
    return [{ flight: each, broken }];
  });
}

function isWayBack(
  hop: Hop,
  throughAddress: string | undefined,
  networkId: string | undefined,
  kind: Flight["place"]["kind"],
): boolean {
  if (throughAddress !== undefined) return hop.kind === "appliance" && hop.address === throughAddress;
  if (kind === "on-premises" && networkId === undefined) return hop.kind === "gateway";
  if (kind === "beyond" && networkId === undefined) return hop.kind !== "none";
  return hop.kind === "network" || (hop.kind === "endpoint" && hop.networkId === networkId);
}

function wayOf(hop: Hop): string {
  switch (hop.kind) {
    case "appliance":
      return `by the appliance ${hop.address}`;
    case "gateway":
      return `by the gateway ${hop.gateway.name}`;
    case "internet":
      return "to the Internet";
    case "none":
      return `nowhere: ${hop.why}`;
    default:
      return "by the network";
  }
}
