import {
  MonitorDiagnosticSetting,
  type MonitorDiagnosticSettingConfig,
} from "@cdktf/provider-azurerm/lib/monitor-diagnostic-setting";
import type { Construct } from "constructs";

export interface DiagnosticsProps {
  readonly targetResourceId: string;
  readonly logAnalyticsWorkspaceId: string;
  /** Tables of their own instead of AzureDiagnostics, where the resource type offers them. @default the service's choice */
  readonly destination?: "Dedicated";
  /** Categories of metrics. @default all */
  readonly metrics?: readonly string[];
}

/** Every log and metric a resource offers, to Log Analytics. */
export function diagnostics(scope: Construct, id: string, props: DiagnosticsProps): MonitorDiagnosticSetting {
  const config: MonitorDiagnosticSettingConfig = {
    name: "to-log-analytics",
    targetResourceId: props.targetResourceId,
    logAnalyticsWorkspaceId: props.logAnalyticsWorkspaceId,
    logAnalyticsDestinationType: props.destination,
    enabledLog: [{ categoryGroup: "allLogs" }],
    enabledMetric: (props.metrics ?? ["AllMetrics"]).map((category) => ({ category })),
  };
  return new MonitorDiagnosticSetting(scope, id, config);
}
