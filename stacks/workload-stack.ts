import type { Construct } from "constructs";
import { ROLES } from "../azure-facts/built-in-roles";
import { FunctionApp } from "../constructs/compute/function-app";
import { HostStorage } from "../constructs/compute/host-storage";
import { Plan } from "../constructs/compute/plan";
import { diagnostics } from "../constructs/monitoring/diagnostics";
import { insights } from "../constructs/monitoring/insights";
import { internetAccessOf } from "../constructs/monitoring/internet-access";
import { privateScope } from "../constructs/monitoring/private-scope";
import { consumerTargetsOf } from "../topology/app-lists";
import { producerHost, regionsWithEntities, serviceBusHost, stackName } from "../topology/names";
import type { Region } from "../topology/schema";
import { hasPrivateMonitoring } from "../topology/zones";
import { consumerSettings, producerSettings } from "./app-settings";
import { AzureStack } from "./azure-stack";
import type { StampContext } from "./guarded-stack";
import { ownServices } from "./own-services";
import { ownedResourceGroup } from "./resource-group";

/** A region's apps: the producer sends to whichever namespace is primary, the consumer receives from its own region's. */
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
    const component = insights(this, "insights", {
      ...placement,
      name: "functions",
      workspaceId: logs,
      internetAccess: internetAccessOf(stamp),
    });
    if (hasPrivateMonitoring(stamp)) {
      // A workspace of another owner's is not ours to put anywhere.
      const own: Record<string, string> = stamp.logAnalyticsWorkspaceId === undefined ? { logs } : {};
      privateScope(this, { ...placement, stamp, region, ids, members: { insights: component.id, ...own } });
    }
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
      insights: component,
    };

    const producer = new FunctionApp(this, "producer", {
      ...shared,
      kind: "producer",
      storage: new HostStorage(this, "storage", {
        ...placement,
        region,
        ids,
        app: "producer",
        logAnalyticsWorkspaceId: logs,
      }),
      // On both namespaces: roles are not replicated, and after a failover the alias names the other one.
      serviceBusGrants: stamp.regions.map((target) => ({
        purpose: `send-${target.location}`,
        role: ROLES.serviceBusSender.name,
        scope: ids.namespace(target),
      })),
      serviceBusHost: producerHost(stamp),
      settings: producerSettings(stamp),
      authentication: stamp.authentication,
    });
    const consumer = new FunctionApp(this, "consumer", {
      ...shared,
      kind: "consumer",
      storage: new HostStorage(this, "consumer-storage", {
        ...placement,
        ...{ region, ids, app: "consumer", logAnalyticsWorkspaceId: logs },
      }),
      serviceBusGrants: [
        { purpose: "receive", role: ROLES.serviceBusReceiver.name, scope: ids.namespace(region) },
        // A role needs its entity: a namespace that waits to be paired again has none yet.
        ...(regionsWithEntities(stamp).includes(region) ? consumerTargetsOf(stamp) : []).map((queue) => ({
          purpose: `send-queue-${queue}`,
          role: ROLES.serviceBusSender.name,
          scope: ids.queue(region, queue),
        })),
      ],
      // Its own region's, not the alias: a listener on the alias does not always notice a failover (azure-webjobs-sdk#2028).
      serviceBusHost: serviceBusHost(region.serviceBus.namespace),
      settings: consumerSettings(stamp),
    });
    for (const [name, { resource }] of Object.entries({ producer, consumer })) {
      diagnostics(this, `${name}-logs`, { targetResourceId: resource.id, logAnalyticsWorkspaceId: logs });
    }
  }
}
