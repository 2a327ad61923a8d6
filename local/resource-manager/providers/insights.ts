import { nameIn } from "../../../azure-facts/arm-ids";
import { MONITOR_SCOPE } from "../../../azure-facts/private-monitoring";
import { applicationIdOf, connectionString, insightsWith } from "../../azure/attributes";
import { type ArmDocument, bodiesOf, bodyOf, propertiesOf, stringOf } from "../../azure/document";
import type { Body } from "../../azure/document";
import type { Arm } from "../arm/arm";
import { badRequest, conflict } from "../arm/fault";
import { sameId } from "../arm/resource-id";
import type { RemovalRule, ResourceType, WriteRule } from "../arm/resource-type";

/** Components are workspace-based: classic ones are retired (learn.microsoft.com/azure/azure-monitor/app/convert-classic-resource). */
const workspaceExists: WriteRule = ({ arm, path, body }) => {
  const properties = propertiesOf(body);
  const id = stringOf(properties, "WorkspaceResourceId") ?? stringOf(properties, "workspaceId") ?? "";
  arm.need(id, path.id);
};

const SCOPED = "Microsoft.Insights/privateLinkScopes/scopedResources";

/** learn.microsoft.com/azure/azure-monitor/logs/private-link-configure: what is in a scope is disconnected before it is deleted. */
export const isInNoScope: RemovalRule = ({ arm, document }) => {
  const member = arm.all(SCOPED).find((each) => sameId(linkedTo(each), document.id));
  if (!member) return;
  throw conflict(
    "Conflict",
    `${document.id} is in a private link scope, and cannot be deleted before ${member.id} is.`,
  );
};

function linkedTo(member: Readonly<Record<string, unknown>>): string {
  return stringOf(propertiesOf(member), "linkedResourceId") ?? "";
}

const components: ResourceType = {
  type: "Microsoft.Insights/components",
  created: 200,
  rules: [workspaceExists],
  stored: ({ path, body }) => {
    const component = insightsWith(path.id, path.name, String(body.location));
    return {
      ...body,
      properties: {
        ...propertiesOf(body),
        AppId: applicationIdOf(path.id),
        InstrumentationKey: component.instrumentationKey,
        ConnectionString: connectionString(component),
        IngestionMode: "LogAnalytics",
      },
    };
  },
  written: (arm, { id, name, location, properties }) => {
    const takesFromInternet = propertiesOf({ properties }).publicNetworkAccessForIngestion !== "Disabled";
    arm.azure.insights.put(insightsWith(id, name, String(location), takesFromInternet));
    detectSmartly(arm, id, name);
  },
  removalRules: [isInNoScope],
  // What smart detection made stays behind.
  removed: ({ azure }, { id }) => {
    azure.insights.remove(id.toLowerCase());
  },
};

const ALERT_RULES = "Microsoft.AlertsManagement/smartDetectorAlertRules";
const ACTION_GROUPS = "Microsoft.Insights/actionGroups";

/** Azure makes an alert rule for each component, and an action group where there is none of that name (terraform-provider-azurerm#10563, #18026). */
function detectSmartly(arm: Arm, component: string, name: string): void {
  const group = component.slice(0, component.toLowerCase().indexOf("/providers/"));
  const actionGroup = `${group}/providers/${ACTION_GROUPS}/Application Insights Smart Detection`;
  const rule = `${group}/providers/${ALERT_RULES}/Failure Anomalies - ${name}`;
  const made = (id: string, type: string, properties: Body) => {
    if (arm.get(id)) return;
    arm.put({ id, name: nameIn(id), type, location: "global", properties });
  };
  made(actionGroup, ACTION_GROUPS, {
    groupShortName: "SmartDetect",
    enabled: true,
    armRoleReceivers: ["749f88d5-cbae-40b8-bcfc-e573ddc772fa", "43d0d8ad-25c7-4714-9337-8ba259a9fe05"].map(
      (roleId) => ({
        name: `Monitoring ${roleId.startsWith("7") ? "Contributor" : "Reader"}`,
        roleId,
        useCommonAlertSchema: true,
      }),
    ),
  });
  made(rule, ALERT_RULES, {
    description: "Failure Anomalies notifies you of an unusual rise in the rate of failed requests.",
    state: "Enabled",
    severity: "Sev3",
    frequency: "PT1M",
    detector: { id: "FailureAnomaliesDetector" },
    scope: [component],
    actionGroups: { groupIds: [actionGroup] },
  });
}

const alertRules: ResourceType = { type: ALERT_RULES, stateful: false, created: 201 };

const actionGroups: ResourceType = { type: ACTION_GROUPS, stateful: false, created: 201 };

/** The daily cap of a component. It is read without a name, and so its list is the one there is. */
const currentBillingFeatures: ResourceType = {
  type: "Microsoft.Insights/components/currentBillingFeatures",
  created: 200,
  actions: {
    list: ({ arm, path }) => ({
      CurrentBillingFeatures: ["Basic"],
      DataVolumeCap: { Cap: 100, ResetTime: 0, StopSendNotificationWhenHitCap: false, WarningThreshold: 90 },
      ...arm.azure.documents.get(`${path.id}/currentBillingFeatures/current`),
    }),
  },
};

const autoscaleTargetExists: WriteRule = ({ arm, path, body }) => {
  arm.need(stringOf(propertiesOf(body), "targetResourceUri") ?? "", path.id);
};

/** learn.microsoft.com/azure/azure-monitor/autoscale/autoscale-understanding-settings */
const capacityIsInOrder: WriteRule = ({ body }) => {
  for (const profile of bodiesOf(propertiesOf(body), "profiles")) {
    const capacity = bodyOf(profile, "capacity");
    const [minimum, start, maximum] = [capacity.minimum, capacity.default, capacity.maximum].map(Number);
    if (minimum === undefined || start === undefined || maximum === undefined) continue;
    if (minimum <= start && start <= maximum) continue;
    throw badRequest(
      "BadRequest",
      `The capacity of profile '${String(profile.name)}' is not valid: minimum ${minimum}, default ${start} and maximum ${maximum} must be in this order.`,
    );
  }
};

const autoscaleSettings: ResourceType = {
  type: "Microsoft.Insights/autoscaleSettings",
  rules: [autoscaleTargetExists, capacityIsInOrder],
};

const targetExists: WriteRule = ({ arm, path }) => {
  // A storage account's parts are there with it.
  arm.need(path.parent.replace(/\/(blob|file|queue|table)Services\/default$/i, ""), path.id);
};

const DIAGNOSTIC_SETTINGS = "Microsoft.Insights/diagnosticSettings";

/** One category goes to one workspace once, however many settings there are (learn.microsoft.com/azure/azure-monitor/platform/diagnostic-settings). */
const sinkIsFree: WriteRule = ({ arm, path, body }) => {
  const sink = stringOf(propertiesOf(body), "workspaceId") ?? "";
  arm.need(sink, path.id);
  const other = arm
    .all(DIAGNOSTIC_SETTINGS)
    .find(
      (setting) =>
        !sameId(setting.id, path.id) &&
        sameId(scopeOf(setting), path.parent) &&
        sameId(stringOf(propertiesOf(setting), "workspaceId") ?? "", sink),
    );
  if (!other) return;
  throw conflict(
    "Conflict",
    `Data sink '${sink}' is already used in diagnostic setting '${other.name}' for the same category on resource '${path.parent}'. Data sinks can't be reused in different settings on the same category for the same resource.`,
  );
};

/**
 * Storage names its metrics, and logs by its parts alone (azure-powershell#6520, terraform-azurerm-avm-res-storage-storageaccount#325, azure-rest-api-specs#10646). Other types
 * are not checked: their categories are a list of hundreds.
 */
const categoriesAreStorages: WriteRule = ({ path, body }) => {
  const part = /\/providers\/Microsoft\.Storage\/storageAccounts\/[^/]+(\/\w+Services\/default)?$/i.exec(path.parent);
  if (!part) return;
  const { metrics, logs } = {
    metrics: bodiesOf(propertiesOf(body), "metrics"),
    logs: bodiesOf(propertiesOf(body), "logs"),
  };
  const metric = metrics
    .map(({ category }) => String(category))
    .find((category) => !STORAGE_METRICS.includes(category));
  if (metric !== undefined) {
    throw badRequest(
      "BadRequest",
      `Metric category '${metric}' is not supported, supported categories are: '${STORAGE_METRICS.join(";")}'.`,
    );
  }
  const [log] = part[1] === undefined ? logs : [];
  if (log) throw badRequest("BadRequest", `Category '${String(log.category ?? log.categoryGroup)}' is not supported.`);
};

const STORAGE_METRICS: readonly string[] = ["Capacity", "Transaction"];

function scopeOf({ id }: ArmDocument): string {
  return id.slice(0, id.toLowerCase().lastIndexOf("/providers/microsoft.insights/"));
}

const diagnosticSettings: ResourceType = {
  type: DIAGNOSTIC_SETTINGS,
  created: 200,
  rules: [targetExists, categoriesAreStorages, sinkIsFree],
};

const memberExists: WriteRule = ({ arm, path, body }) => {
  arm.need(linkedTo(body), path.id);
};

/** Connections to a scope go before it does. */
const isUnconnected: RemovalRule = ({ arm, document }) => {
  const endpoint = arm.azure.endpoints.all().find(({ targetId }) => sameId(targetId, document.id));
  if (endpoint) throw conflict("Conflict", `${document.id} has the private endpoint ${endpoint.id}.`);
};

const privateLinkScopes: ResourceType = { type: MONITOR_SCOPE.type, created: 200, removalRules: [isUnconnected] };

const scopedResources: ResourceType = {
  type: SCOPED,
  longRunning: true,
  rules: [memberExists],
  written: (arm, member) => {
    const scopeId = member.id.replace(/\/scopedResources\/[^/]+$/i, "");
    arm.azure.scopeMembers.put({ id: member.id, scopeId, memberId: linkedTo(member) });
  },
  removed: ({ azure }, { id }) => {
    azure.scopeMembers.remove(id);
  },
};

export const INSIGHTS: readonly ResourceType[] = [
  components,
  privateLinkScopes,
  scopedResources,
  alertRules,
  actionGroups,
  currentBillingFeatures,
  autoscaleSettings,
  diagnosticSettings,
];
