import type { ResourceType } from "../arm/resource-type";
import { AUTHORIZATION } from "./authorization";
import { COMPUTE } from "./compute";
import { INSIGHTS } from "./insights";
import { MANAGED_IDENTITY } from "./managed-identity";
import { NETWORK } from "./network";
import { OPERATIONAL_INSIGHTS } from "./operational-insights";
import { RESOURCES } from "./resources";
import { SERVICE_BUS } from "./service-bus";
import { STORAGE } from "./storage";
import { WEB } from "./web";

/** Every type that this local Azure knows: those that the stacks contain, and what azurerm reads beside them. */
export const RESOURCE_TYPES: readonly ResourceType[] = [
  ...RESOURCES,
  ...AUTHORIZATION,
  ...MANAGED_IDENTITY,
  ...NETWORK,
  ...COMPUTE,
  ...OPERATIONAL_INSIGHTS,
  ...INSIGHTS,
  ...STORAGE,
  ...SERVICE_BUS,
  ...WEB,
];
