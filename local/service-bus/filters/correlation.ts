import type { CorrelationFilter } from "../../azure/messaging";
import type { PropertyName } from "../../../topology/sql/values";
import type { Filter } from "./sql";

const PROPERTIES: readonly (readonly [keyof CorrelationFilter, PropertyName])[] = [
  ["contentType", "contentType"],
  ["correlationId", "correlationId"],
  ["label", "subject"],
  ["messageId", "messageId"],
  ["replyTo", "replyTo"],
  ["replyToSessionId", "replyToSessionId"],
  ["sessionId", "sessionId"],
  ["to", "to"],
];

function isSame(one: unknown, other: unknown): boolean {
  return one === other || (one instanceof Date && other instanceof Date && one.getTime() === other.getTime());
}

/** True where every property named is equal to what it names; case matters in values. */
export function correlationFilter(filter: CorrelationFilter): Filter {
  return (content) =>
    PROPERTIES.every(
      ([field, property]) => filter[field] === undefined || content.property(property) === filter[field],
    ) &&
    Object.entries(filter.properties ?? {}).every(([name, value]) => isSame(content.applicationProperty(name), value));
}
