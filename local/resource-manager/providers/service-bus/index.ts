import type { ResourceType } from "../../arm/resource-type";
import { endpointConnections } from "./endpoint-connections";
import { ENTITIES } from "./entities";
import { GEO_PAIRS } from "./geo-pairs";
import { authorizationRules, namespaces, networkRuleSets, serviceBus } from "./namespaces";

/** Microsoft.ServiceBus. Entities and pairings are the model's own: the broker serves them, and a failover changes them. */
export const SERVICE_BUS: readonly ResourceType[] = [
  serviceBus,
  namespaces,
  networkRuleSets,
  endpointConnections,
  ...authorizationRules,
  ...GEO_PAIRS,
  ...ENTITIES,
];
