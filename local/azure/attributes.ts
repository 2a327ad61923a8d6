import { createHash } from "node:crypto";
import { armId } from "../../synthesized/arm-id";
import { type Located, placeOf, textOf } from "../../synthesized/resources";
import type { Insights, ManagedIdentity } from "./azure";

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
  const declared = textOf(resource, name);
  if (declared === "") throw new Error(`${placeOf(resource)} has no ${name} that is known here.`);
  return declared;
}

export function identityOf(resource: Located): ManagedIdentity {
  const id = armId(resource);
  return { id, clientId: guidOf(`client ${id}`), principalId: guidOf(`principal ${id}`) };
}

export function insightsOf(resource: Located): Insights {
  const id = armId(resource);
  const location = textOf(resource, "location");
  return {
    id,
    name: textOf(resource, "name"),
    location,
    instrumentationKey: guidOf(`instrumentation key ${id}`),
    ingestionHost: `${location}-0.in.applicationinsights.azure.com`,
  };
}

/** learn.microsoft.com/azure/azure-monitor/app/connection-strings */
export function connectionString({ instrumentationKey, ingestionHost, location, id }: Insights): string {
  return [
    `InstrumentationKey=${instrumentationKey}`,
    `IngestionEndpoint=https://${ingestionHost}/`,
    `LiveEndpoint=https://${location}.livediagnostics.monitor.azure.com/`,
    `ApplicationId=${guidOf(`application ${id}`)}`,
  ].join(";");
}

function guidOf(text: string): string {
  const hex = createHash("sha256").update(text).digest("hex");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join("-");
}
