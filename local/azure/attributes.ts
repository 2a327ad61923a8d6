import { armId } from "../../synthesized/arm-id";
import { type Located, textOf } from "../../synthesized/resources";
import type { Insights, ManagedIdentity } from "./azure";
import { guidOf } from "./guid";

/** What Azure would answer once a resource is deployed: computed from its ARM id, so that it is the same at every run. */
export function attributeOf(resource: Located, name: string): string {
  if (name === "id") return armId(resource);
  if (resource.type === "azurerm_user_assigned_identity") {
    const identity = identityOf(resource);
    if (name === "client_id") return identity.clientId;
    if (name === "principal_id") return identity.principalId;
  }
  if (resource.type === "azurerm_application_insights" && name === "connection_string") {
    return connectionString(insightsOf(resource));
  }
  return textOf(resource, name);
}

export function identityOf(resource: Located): ManagedIdentity {
  return identityWith(armId(resource));
}

export function identityWith(armId: string): ManagedIdentity {
  const id = armId.toLowerCase();
  return { id, clientId: guidOf(`client ${id}`), principalId: guidOf(`principal ${id}`) };
}

export function insightsOf(resource: Located): Insights {
  const takesFromInternet = resource.block.internet_ingestion_enabled !== false;
  return insightsWith(armId(resource), textOf(resource, "name"), textOf(resource, "location"), takesFromInternet);
}

export function insightsWith(armId: string, name: string, location: string, takesFromInternet = true): Insights {
  const id = armId.toLowerCase();
  return {
    id,
    name,
    location,
    instrumentationKey: guidOf(`instrumentation key ${id}`),
    ingestionHost: `${location}-0.in.applicationinsights.azure.com`,
    takesFromInternet,
  };
}

/** learn.microsoft.com/azure/azure-monitor/app/connection-strings */
export function connectionString({ instrumentationKey, ingestionHost, location, id }: Insights): string {
  return [
    `InstrumentationKey=${instrumentationKey}`,
    `IngestionEndpoint=https://${ingestionHost}/`,
    `LiveEndpoint=https://${location}.livediagnostics.monitor.azure.com/`,
    `ApplicationId=${applicationIdOf(id)}`,
  ].join(";");
}

/** Application Insights' own id of a component. */
export function applicationIdOf(id: string): string {
  return guidOf(`application ${id.toLowerCase()}`);
}
