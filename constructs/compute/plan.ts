import {
  MonitorAutoscaleSetting,
  type MonitorAutoscaleSettingProfileRule,
} from "@cdktf/provider-azurerm/lib/monitor-autoscale-setting";
import { ServicePlan } from "@cdktf/provider-azurerm/lib/service-plan";
import { Construct } from "constructs";
import type { Stamp } from "../../topology/schema";
import type { Placement } from "../network/placement";

export interface PlanProps extends Placement {
  readonly name: string;
  readonly plan: Stamp["plan"];
  readonly zoneBalanced: boolean;
  /** The region's namespace, whose waiting messages ask for workers. */
  readonly namespaceId: string;
}

interface Trigger {
  readonly statistic: "Average" | "Max";
  readonly timeAggregation: "Average" | "Maximum";
  readonly dimensions?: { readonly name: string; readonly operator: string; readonly values: string[] }[];
  readonly metricName: string;
  readonly metricNamespace?: string;
  readonly metricResourceId: string;
}

/** Scaling in waits for this fraction of what scales out, so that the two do not chase each other. */
const SCALE_IN_FRACTION = 0.4;

/**
 * A dedicated Windows plan that grows with CPU or with waiting messages. The worker count belongs to autoscale from then on: an apply does
 * not undo it.
 */
export class Plan extends Construct {
  readonly resource: ServicePlan;

  constructor(scope: Construct, id: string, { plan, zoneBalanced, namespaceId, name, ...placement }: PlanProps) {
    super(scope, id);
    this.resource = new ServicePlan(this, "plan", {
      ...placement,
      name,
      osType: "Windows",
      skuName: plan.sku,
      workerCount: plan.minimumWorkers,
      zoneBalancingEnabled: zoneBalanced,
      lifecycle: { ignoreChanges: ["worker_count"] },
    });
    const average = { statistic: "Average", timeAggregation: "Average" } as const;
    const cpu = { ...average, metricName: "CpuPercentage", metricResourceId: this.resource.id };
    // An average over a namespace's entities is diluted by those that are idle.
    const maximum = { statistic: "Max", timeAggregation: "Maximum" } as const;
    const activeMessages = {
      ...maximum,
      metricName: "ActiveMessages",
      metricNamespace: "microsoft.servicebus/namespaces",
      metricResourceId: namespaceId,
    };
    const waiting: Trigger[] =
      plan.scaleOutEntities.length === 0
        ? [activeMessages]
        : plan.scaleOutEntities.map((entity) => ({
            ...activeMessages,
            dimensions: [{ name: "EntityName", operator: "Equals", values: [entity] }],
          }));
    new MonitorAutoscaleSetting(this, "autoscale", {
      ...placement,
      name: `${name}-autoscale`,
      targetResourceId: this.resource.id,
      profile: [
        {
          name: "cpu-and-waiting-messages",
          capacity: { minimum: plan.minimumWorkers, default: plan.minimumWorkers, maximum: plan.maximumWorkers },
          // Azure scales out when any rule says so, and in only when all agree.
          rule: [
            scale("Increase", cpu, plan.scaleOutCpuPercent),
            ...waiting.map((trigger) => scale("Increase", trigger, plan.scaleOutActiveMessages)),
            scale("Decrease", cpu, plan.scaleOutCpuPercent * SCALE_IN_FRACTION),
            ...waiting.map((trigger) => scale("Decrease", trigger, plan.scaleOutActiveMessages * SCALE_IN_FRACTION)),
          ],
        },
      ],
    });
  }
}

function scale(
  direction: "Increase" | "Decrease",
  trigger: Trigger,
  threshold: number,
): MonitorAutoscaleSettingProfileRule {
  return {
    metricTrigger: {
      ...trigger,
      operator: direction === "Increase" ? "GreaterThan" : "LessThan",
      threshold: Math.round(threshold),
      timeGrain: "PT1M",
      timeWindow: "PT5M",
    },
    scaleAction: {
      direction,
      type: "ChangeCount",
      value: 1,
      cooldown: direction === "Increase" ? "PT5M" : "PT10M",
    },
  };
}
