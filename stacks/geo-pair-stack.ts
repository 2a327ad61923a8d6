import { ServicebusNamespaceDisasterRecoveryConfig } from "@cdktf/provider-azurerm/lib/servicebus-namespace-disaster-recovery-config";
import type { ITerraformDependable } from "cdktf";
import type { Construct } from "constructs";
import { Entities } from "../constructs/messaging/entities";
import { EntityRoles, MOVING, SENDING } from "../constructs/messaging/entity-roles";
import { StateAddresses } from "../constructs/messaging/state-addresses";
import { diagnostics } from "../constructs/monitoring/diagnostics";
import { privateEndpoint } from "../constructs/network/private-endpoint";
import { namespaceEndpoint } from "../topology/addresses";
import {
  geoPairStackName,
  namespaceEndpointName,
  primaryOf,
  regionsWithEntities,
  secondaryOf,
} from "../topology/names";
import type { Region } from "../topology/schema";
import { namespacesWithEndpointIn } from "../topology/zones";
import { AzureStack } from "./azure-stack";
import type { StampContext } from "./guarded-stack";

const PAIRING = "pairing";
const PAIRING_ADDRESS = `${ServicebusNamespaceDisasterRecoveryConfig.tfResourceType}.${PAIRING}`;

/**
 * Everything that touches two regions, in the one order Azure takes: an endpoint for every namespace in every spoke (in its own alone, where the regions share their zones), then the pairing (it
 * fails if only the primary has one), then the entities on the primary (it fails if the secondary is not empty).
 *
 * After a failover there is no pairing to declare: a plan would want to pair anew, and Azure refuses a secondary that is not empty. The entities stay declared
 * where the state has them, so that nothing with messages in it is planned for deletion. In the recovery that follows they are declared on the new primary, and those of the former one are left.
 */
export class GeoPairStack extends AzureStack {
  constructor(scope: Construct, context: StampContext) {
    super(scope, geoPairStackName(context.stamp), context);
    const { regions, pairing, protection, queues, topics, access } = this.stamp;
    const [primary, secondary] = [primaryOf(this.stamp), secondaryOf(this.stamp)];

    const before: ITerraformDependable[] = regions.flatMap((spokeRegion) =>
      namespacesWithEndpointIn(this.stamp, spokeRegion).map((namespaceRegion) => {
        const name = namespaceEndpointName(spokeRegion.location, namespaceRegion.location);
        return privateEndpoint(this, name, {
          name,
          resourceGroupName: spokeRegion.resourceGroups.messaging,
          tags: this.tags,
          region: spokeRegion,
          ids: this.ids,
          endpoint: namespaceEndpoint(spokeRegion, namespaceRegion),
          resourceId: this.ids.namespace(namespaceRegion),
          zone: "serviceBus",
        });
      }),
    );
    for (const region of regions) {
      diagnostics(this, `logs-${region.location}`, {
        targetResourceId: this.ids.namespace(region),
        logAnalyticsWorkspaceId: this.ids.logAnalytics(this.stamp, region),
      });
    }
    const addresses =
      pairing &&
      new StateAddresses(this, {
        location: primary.location,
        locations: regions.map(({ location }) => location),
        isRecovering: pairing.recovery !== undefined,
      });
    if (secondary && pairing?.state === "paired") {
      before.push(
        new ServicebusNamespaceDisasterRecoveryConfig(this, PAIRING, {
          name: pairing.alias,
          primaryNamespaceId: this.ids.namespace(primary),
          partnerNamespaceId: this.ids.namespace(secondary),
          dependsOn: [...before],
        }),
      );
      if (pairing.recovery) addresses?.import(PAIRING_ADDRESS, this.ids.alias(primary, pairing.alias));
    } else if (pairing?.state === "failed-over" || pairing?.recovery) {
      // The alias is another namespace's now: deleting it would take the producers' name away.
      addresses?.leave(PAIRING_ADDRESS);
    }
    const entities = new Entities(this, "entities", {
      namespaceId: this.ids.namespace(primary),
      partitioned: primary.serviceBus.partitions > 1,
      queues,
      topics,
      preventDestroy: protection.preventDestroy,
      dependsOn: before,
      ...(addresses ? { addresses } : {}),
    });
    const holding = regionsWithEntities(this.stamp);
    const roles = {
      entityIds: (name: string) =>
        regions.map((region) => (holding.includes(region) ? this.entityId(region, name) : undefined)),
      dependsOn: [...entities.all],
    };
    const all = [...queues, ...topics].map(({ name }) => name);
    new EntityRoles(this, "senders", { ...roles, roles: SENDING, principals: access.senders });
    new EntityRoles(this, "operators", {
      ...roles,
      roles: MOVING,
      principals: access.operators.principals.map((each) => ({ ...each, entities: each.entities ?? all })),
    });
  }

  private entityId(region: Region, name: string): string {
    const isQueue = this.stamp.queues.some((queue) => queue.name.toLowerCase() === name.toLowerCase());
    return isQueue ? this.ids.queue(region, name) : this.ids.topic(region, name);
  }
}
