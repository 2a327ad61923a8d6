import { z } from "zod";
import { LOCALS } from "../../topology/locals";
import { literally } from "../../topology/terraform-text";
import type { SynthesizedStack } from "../cdktf-out";

/** A record that exists, or that the zones' owner has to add. */
export interface KeptRecord {
  /** The zone's name. */
  readonly zone: string;
  /** The name in it; `@` is the zone itself. */
  readonly label: string;
  readonly addresses: readonly string[];
}

/** Zones of another owner's, as a network stack says it. */
export interface ExistingZones {
  /** The stack whose names they keep. */
  readonly stack: string;
  /** The ARM id of the network that names are asked from. */
  readonly networkId: string;
  /** ARM ids. */
  readonly zoneIds: readonly string[];
  readonly records: readonly KeptRecord[];
}

const texts = z.array(z.string());
const schema = z.object({
  network_id: z.string(),
  zone_ids: texts,
  records: z.array(z.object({ zone: z.string(), label: z.string(), addresses: texts })),
});

/** @throws Error where a local is not whole */
export function existingZonesIn(stacks: readonly SynthesizedStack[]): ExistingZones[] {
  return stacks.flatMap(({ name, json }) => {
    const local = json.locals?.[LOCALS.existingZones];
    if (local === undefined) return [];
    const { network_id: networkId, zone_ids: zoneIds, records } = schema.parse(literally(local));
    return [{ stack: name, networkId, zoneIds, records }];
  });
}
