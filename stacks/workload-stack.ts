import type { Construct } from "constructs";
import { ROLES } from "../azure-facts/built-in-roles";
import type { Grant } from "../constructs/compute/app-identity";
import { FunctionApp, type FunctionAppProps } from "../constructs/compute/function-app";
import { HostStorage } from "../constructs/compute/host-storage";
import { Plan } from "../constructs/compute/plan";
import { diagnostics } from "../constructs/monitoring/diagnostics";
import { sourceName } from "../functions/consumer/sources";
import { consumerTargetsOf, declaredSourcesOf } from "../topology/app-lists";
import { appsOf, type PlannedApp } from "../topology/apps";
import { producerHost, regionsWithEntities, serviceBusHost, stackName } from "../topology/names";
import type { Region } from "../topology/schema";
import { consumerSettings, producerSettings } from "./app-settings";
import { AzureStack } from "./azure-stack";
import type { StampContext } from "./guarded-stack";
import { monitoring } from "./monitoring";
import { ownServices } from "./own-services";
import { ownedResourceGroup } from "./resource-group";

/** A region's apps: the producer sends to the namespace that is primary, consumers receive from their own region's. */
export class WorkloadStack extends AzureStack {
  constructor(scope: Construct, context: StampContext, region: Region) {
    super(scope, stackName(context.stamp, "workload", region), context);
    const { stamp, ids } = this;
    const placement = ownedResourceGroup(this, {
      name: region.resourceGroups.workload,
      location: region.location,
      tags: this.tags,
      lock: false,
    });
    ownServices(this, { ...placement, stamp, region, ids });
    const logs = ids.logAnalytics(stamp, region);
    const shared = {
      ...placement,
      region,
      ids,
      plan: new Plan(this, "plan", {
        ...placement,
        name: "functions",
        plan: stamp.plan,
        zoneBalanced: region.zoneRedundant,
        namespaceId: ids.namespace(region),
      }),
      insights: monitoring(this, { ...placement, stamp, region, ids }),
    };

    for (const app of appsOf(stamp, region)) {
      const { key, kind, consumer } = app;
      const { resource } = new FunctionApp(this, key, {
        ...shared,
        app,
        storage: new HostStorage(this, storageIdOf(app), {
          ...placement,
          ...{ region, ids, app, logAnalyticsWorkspaceId: logs },
        }),
        ...(kind === "producer" ? this.producing() : this.consuming(region, app)),
      });
      diagnostics(this, consumer === undefined ? `${key}-logs` : `logs-of-${key}`, {
        targetResourceId: resource.id,
        logAnalyticsWorkspaceId: logs,
      });
    }
  }

  private producing(): AppDuties {
    const { stamp, ids } = this;
    return {
      // On both namespaces: roles are not replicated, and after a failover the alias names the other one.
      serviceBusGrants: stamp.regions.map((target) => ({
        purpose: `send-${target.location}`,
        role: ROLES.serviceBusSender.name,
        scope: ids.namespace(target),
      })),
      serviceBusHost: producerHost(stamp),
      settings: producerSettings(stamp),
      authentication: stamp.authentication,
    };
  }

  private consuming(region: Region, { consumer }: PlannedApp): AppDuties {
    const { stamp, ids } = this;
    // A role needs its entity: a namespace that waits to be paired again has none yet.
    const targets = regionsWithEntities(stamp).includes(region) ? consumerTargetsOf(stamp, consumer) : [];
    return {
      serviceBusGrants: [
        ...this.receiving(region, consumer),
        ...targets.map((queue) => ({
          purpose: `send-queue-${queue}`,
          role: ROLES.serviceBusSender.name,
          scope: ids.queue(region, queue),
        })),
      ],
      // Its own region's, not the alias: a listener on the alias does not always notice a failover (azure-webjobs-sdk#2028).
      serviceBusHost: serviceBusHost(region.serviceBus.namespace),
      settings: consumerSettings(stamp, consumer),
    };
  }

  /** The first consumer of a stamp without others receives from the whole namespace; of several each from what it takes. */
  private receiving(region: Region, consumer: string | undefined): Grant[] {
    const { stamp, ids } = this;
    const role = ROLES.serviceBusReceiver.name;
    // A namespace that waits to be paired again has no entity yet to have a role on.
    if (stamp.consumers.length === 0 || !regionsWithEntities(stamp).includes(region))
      return [{ purpose: "receive", role, scope: ids.namespace(region) }];
    return declaredSourcesOf(stamp, consumer).map((source) => ({
      purpose: `receive-${sourceName(source)}`,
      role,
      scope:
        "queue" in source
          ? ids.queue(region, source.queue)
          : ids.topicSubscription(region, source.topic, source.subscription),
    }));
  }
}

/** What an app does with Service Bus, and who may call it. */
type AppDuties = Pick<FunctionAppProps, "serviceBusGrants" | "serviceBusHost" | "settings" | "authentication">;

/** Those of further consumers differ from every other id, with any name. */
function storageIdOf({ key, kind, consumer }: PlannedApp): string {
  if (kind === "producer") return "storage";
  return consumer === undefined ? "consumer-storage" : `storage-of-${key}`;
}
