import { builtInOrigin } from "../network/origin";
import { PUBLIC_ADDRESSES } from "../packets/addresses";
import { common, without } from "../packets/packets";
import { ended, type Flight, narrowed, type Outcome, type Step } from "./flight";
import type { Lookup } from "./lookup";
import type { Vantage } from "./routes";

/** By Azure's own route, with an address that Azure or a public address of one's own gives. */
export function toInternet(flight: Flight, vantage: Vantage, lookup: Lookup): Outcome[] {
  const open = common(flight.seen, { ...flight.seen, to: PUBLIC_ADDRESSES });
  const { subnet, machine, app } = flight.place;
  // App Service has addresses of its own (learn.microsoft.com/azure/app-service/overview-inbound-outbound-ips).
  const hasAddress = app !== undefined || machine?.publicAddress !== undefined || subnet?.hasDefaultOutbound === true;
  const sender = app ? "App Service sends it by addresses of its own" : "Azure lets hosts without a public address out";
  const table = vantage.routeTableId === undefined ? undefined : lookup.table(vantage.routeTableId);
  const origin = table?.origin ?? subnet?.origin ?? builtInOrigin(vantage.networkId);
  const step = (why: string): Step => ({
    stage: "route",
    by: table?.name ?? subnet?.name ?? "the Internet",
    why,
    origin,
  });
  return [
    ...(open
      ? [
          hasAddress
            ? ended(narrowed(flight, open), "reaches", step(sender), {
                kind: "internet",
              })
            : ended(
                narrowed(flight, open),
                "cannot",
                step("the host has no public address, and default_outbound_access_enabled is off"),
              ),
        ]
      : []),
    ...(open ? without(flight.seen, open) : [flight.seen]).map((part) =>
      ended(narrowed(flight, part), "cannot", step("no host on the Internet has the address")),
    ),
  ];
}

/** By App Service's own addresses: what an app sends past the network. */
export function pastTheNetwork(flight: Flight, why: string): Outcome[] {
  const origin = flight.place.origin;
  const step: Step = { stage: "source", by: flight.place.name, why, origin };
  const open = common(flight.seen, { ...flight.seen, to: PUBLIC_ADDRESSES });
  const closed = open ? without(flight.seen, open) : [flight.seen];
  return [
    ...(open ? [ended(narrowed(flight, open), "reaches", step, { kind: "internet" })] : []),
    ...closed.map((part) => ended(narrowed(flight, part), "cannot", step)),
  ];
}
