import type { Construct } from "constructs";
import type { Placement } from "../constructs/network/placement";
import { privateEndpoint } from "../constructs/network/private-endpoint";
import { TerraformLocal } from "cdktf";
import type { ArmIds } from "../topology/arm-ids";
import { LOCALS } from "../topology/locals";
import { privateServicesOf } from "../topology/private-services";
import { shortened } from "../topology/shortened";
import type { Region, Stamp } from "../topology/schema";

/** Of a private endpoint, in characters (learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules). */
const LONGEST_NAME = 64;

export interface OwnServicesProps extends Placement {
  readonly stamp: Stamp;
  readonly region: Region;
  readonly ids: ArmIds;
}

/** An endpoint for each service of the user's own. Those that their owners approve are written down: `synthesized/views/approval.ts` reads it. */
export function ownServices(scope: Construct, { stamp, region, ids, ...placement }: OwnServicesProps): void {
  const waiting = privateServicesOf(stamp).flatMap(({ name: resource, link, zone, resourceId, approval }, index) => {
    const name = shortened(`${resource}-${link.subresource}`, LONGEST_NAME);
    privateEndpoint(scope, `service-${name}`, {
      ...{ name, region, ids, resourceId, zone },
      resourceGroupName: placement.resourceGroupName,
      tags: placement.tags,
      endpoint: `service:${index}`,
      isApprovedByOwner: approval === "by-owner",
    });
    return approval === "by-owner" ? [{ resource_id: resourceId, endpoint: name }] : [];
  });
  if (waiting.length > 0) new TerraformLocal(scope, LOCALS.approvals, waiting);
}
