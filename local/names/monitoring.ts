import { sameId } from "../../azure-facts/arm-ids";
import { privateIngestionHost } from "../../azure-facts/private-monitoring";
import type { Azure, Insights, PrivateEndpoint } from "../azure/azure";

/**
 * The private name of an ingestion host, once its component is in a scope: from then on the public DNS has it for everyone
 * (learn.microsoft.com/azure/azure-monitor/logs/private-link-security).
 */
export function monitoringAlias(azure: Azure, host: string): string | undefined {
  const isPrivate = azure.insights
    .all()
    .some(({ id, ingestionHost }) => ingestionHost === host && isInScope(azure, id));
  return isPrivate ? privateIngestionHost(host) : undefined;
}

/** The component whose ingestion host has this private name. */
export function componentOf(azure: Azure, privateName: string): Insights | undefined {
  return azure.insights.all().find(({ ingestionHost }) => privateIngestionHost(ingestionHost) === privateName);
}

/** The endpoints that lead to a component, by a scope that it is in. */
export function endpointsOf(azure: Azure, componentId: string): PrivateEndpoint[] {
  const scopes = azure.scopeMembers
    .all()
    .filter(({ memberId }) => sameId(memberId, componentId))
    .map(({ scopeId }) => scopeId.toLowerCase());
  return azure.endpoints.all().filter(({ targetId }) => scopes.includes(targetId.toLowerCase()));
}

function isInScope(azure: Azure, componentId: string): boolean {
  return azure.scopeMembers.all().some(({ memberId }) => sameId(memberId, componentId));
}
