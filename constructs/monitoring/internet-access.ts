import type { Stamp } from "../../topology/schema";
import { hasPrivateMonitoring } from "../../topology/zones";

/** What a component or a workspace accepts from the Internet. */
export interface InternetAccess {
  readonly internetIngestionEnabled: boolean;
  readonly internetQueryEnabled: boolean;
}

/**
 * Nothing is written from the Internet where a private link leads in, and nothing is read from there where the topology says so. Azure's own diagnostic settings do not come by
 * either way. Nothing is set where there is no private link: Azure accepts both then.
 */
export function internetAccessOf(stamp: Stamp): InternetAccess | undefined {
  if (!hasPrivateMonitoring(stamp)) return undefined;
  return { internetIngestionEnabled: false, internetQueryEnabled: stamp.privateLinkScope.query === "open" };
}
