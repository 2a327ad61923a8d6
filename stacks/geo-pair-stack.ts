import { ServicebusNamespaceDisasterRecoveryConfig } from "@cdktf/provider-azurerm/lib/servicebus-namespace-disaster-recovery-config";
import type { ITerraformDependable } from "cdktf";
import type { Construct } from "constructs";
import { Entities } from "../constructs/messaging/entities";
import { OperatorRoles } from "../constructs/messaging/operator-roles";
import { SenderRoles } from "../constructs/messaging/sender-roles";
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
import { namespacesWithEndpointIn } from "../topology/zones";
import { AzureStack } from "./azure-stack";
import type { StampContext } from "./guarded-stack";

/**
 * Everything that touches two regions, in the one order Azure takes: an endpoint for every namespace in every spoke (in its own alone, where the regions share their zones), then the pairing (it
 * fails if only the primary has one), then the entities on the primary (it fails if the secondary is not empty).
 *
 * After a failover there is no pairing to declare: a plan would want to pair anew, and Azure refuses a secondary that is not empty. The entities stay declared
 * where the state has them, so that nothing with messages in it is planned for deletion.
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
    if (secondary && pairing?.state === "paired") {
      before.push(
        new ServicebusNamespaceDisasterRecoveryConfig(this, "pairing", {
          name: pairing.alias,
          primaryNamespaceId: this.ids.namespace(primary),
          partnerNamespaceId: this.ids.namespace(secondary),
          dependsOn: [...before],
        }),
      );
    }
    const entities = new Entities(this, "entities", {
      namespaceId: this.ids.namespace(primary),
      partitioned: primary.serviceBus.partitions > 1,
      queues,
      topics,
      preventDestroy: protection.preventDestroy,
      dependsOn: before,
    });
    const roles = {
      entityIds: (name: string) =>
        regionsWithEntities(this.stamp).map((region) =>
          queues.some((queue) => queue.name.toLowerCase() === name.toLowerCase())
            ? this.ids.queue(region, name)
            : this.ids.topic(region, name),
        ),
      dependsOn: [...entities.all],
    };
    new SenderRoles(this, "senders", { ...roles, senders: access.senders });
    new OperatorRoles(this, "operators", {
      ...roles,
      principals: access.operators.principals,
      entities: [...queues, ...topics].map(({ name }) => name),
    });
  }
}
