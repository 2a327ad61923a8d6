import { TerraformLocal } from "cdktf";
import type { Construct } from "constructs";
import { LOCALS } from "../../topology/locals";
import type { PlannedRecord } from "../../topology/zones";
import type { IPrivateZones } from "./private-zones";

export interface ExistingZonesProps {
  /** Their ARM ids. */
  readonly ids: readonly string[];
  readonly records: readonly PlannedRecord[];
  /** The ARM id of the network that names are asked from. */
  readonly networkId: string;
}

/** Zones of another owner's. The endpoints of this topology write their records there; links, and the names of what exists, are their owner's. */
export class ExistingZones implements IPrivateZones {
  readonly ids: readonly string[];

  static from(props: ExistingZonesProps): ExistingZones {
    return new ExistingZones(props);
  }

  private constructor(private readonly props: ExistingZonesProps) {
    this.ids = props.ids;
  }

  /** `synthesized/views/existing-zones.ts` reads it. */
  finish(scope: Construct): void {
    const { networkId, ids, records } = this.props;
    new TerraformLocal(scope, LOCALS.existingZones, {
      network_id: networkId,
      zone_ids: [...ids],
      records: records.map(({ zone, label, addresses }) => ({ zone, label, addresses: [...addresses] })),
    });
  }
}
