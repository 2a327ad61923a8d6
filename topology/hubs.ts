import type { BuiltHub, ExistingHub, Region } from "./schema";

/** The address spaces of a region's hub, built or existing. */
export function hubAddressSpaces({ hub, existingHub }: Pick<Region, "hub" | "existingHub">): readonly string[] {
  return hub ? [hub.addressSpace] : (existingHub?.addressSpaces ?? []);
}

/** A region's hub: exactly one of the two is there once a topology is validated. */
export type HubOf =
  | { readonly built: BuiltHub; readonly existing?: undefined }
  | { readonly existing: ExistingHub; readonly built?: undefined };

/** @throws Error where the topology was not validated */
export function hubOf({ location, hub, existingHub }: Pick<Region, "location" | "hub" | "existingHub">): HubOf {
  if (hub) return { built: hub };
  if (existingHub) return { existing: existingHub };
  throw new Error(`${location} has no hub: validate the topology first.`);
}
