import { type ArmDocument, type Body, bodyOf, propertiesOf } from "../../azure/document";
import { badRequest } from "./fault";
import type { ArmRequest } from "./exchange";
import type { ResourceType } from "./resource-type";

const API_VERSION = /^\d{4}-\d{2}-\d{2}(-[a-z]+)?$/;

/** @throws ArmFault where there is none, or one of another form */
export function checkVersion({ query }: ArmRequest): void {
  const version = query.get("api-version");
  if (version === null) {
    throw badRequest(
      "MissingApiVersionParameter",
      "The api-version query parameter (?api-version=) is required for all requests.",
    );
  }
  if (!API_VERSION.test(version)) {
    throw badRequest(
      "InvalidApiVersionParameter",
      `The api-version '${version}' is invalid. It is a date, such as 2024-01-01, perhaps with -preview.`,
    );
  }
}

/** Where a client asks how a long operation goes on. */
export function operationHeaders(
  name: string,
  { type }: ResourceType,
  { origin, path }: ArmRequest,
): Record<string, string> {
  const [, , subscription = ""] = path.split("/");
  const [namespace = ""] = type.split("/");
  const at = `${origin}/subscriptions/${subscription}/providers/${namespace}/locations/local`;
  return {
    "azure-asyncoperation": `${at}/operationStatuses/${name}?api-version=2024-01-01`,
    location: `${at}/operationResults/${name}?api-version=2024-01-01`,
    "retry-after": "0",
  };
}

/** Parts of a resource that have a type and no name: each is there once. */
export function singleton(path: string): string {
  return path.replace(/\/currentbillingfeatures$/i, "/currentBillingFeatures/current");
}

export function isGroup({ type }: ResourceType): boolean {
  return type === "Microsoft.Resources/resourceGroups";
}

/** `East US 2` is eastus2. */
export function normal(location: string): string {
  return location.toLowerCase().replaceAll(" ", "");
}

export function inState(document: ArmDocument, provisioningState: string): ArmDocument {
  return { ...document, properties: { ...propertiesOf(document), provisioningState } };
}

/** JSON merge patch (RFC 7396), one level into `properties`, as providers do. */
export function merged(before: Body, patch: Body): Body {
  return { ...before, ...patch, properties: { ...bodyOf(before, "properties"), ...bodyOf(patch, "properties") } };
}
