import { type Body, bodyOf } from "../../azure/document";
import type { CorrelationFilter, Parameters, RuleDefinition } from "../../azure/messaging";
import { ServiceBusFault } from "../errors";
import { ATTRIBUTE, TEXT } from "./atom";

const SCHEMA = "http://www.w3.org/2001/XMLSchema";
const TYPE = `${ATTRIBUTE}type`;
const SHOWN_TYPE = `${ATTRIBUTE}i:type`;

/** A correlation filter's elements. */
const CORRELATION = [
  ["CorrelationId", "correlationId"],
  ["MessageId", "messageId"],
  ["To", "to"],
  ["ReplyTo", "replyTo"],
  ["Label", "label"],
  ["SessionId", "sessionId"],
  ["ReplyToSessionId", "replyToSessionId"],
  ["ContentType", "contentType"],
] as const satisfies readonly (readonly [string, keyof CorrelationFilter])[];

type PropertyValue = Parameters[string];

export function ruleDescription(rule: RuleDefinition): Body {
  const { name, sqlFilter, correlationFilter, action, filterParameters, actionParameters } = rule;
  return {
    Filter: correlationFilter
      ? correlationElement(correlationFilter)
      : { ...sqlElement(sqlFilter ?? "1=1"), Parameters: pairsElement(filterParameters) },
    Action:
      action === undefined
        ? { [SHOWN_TYPE]: "EmptyRuleAction" }
        : {
            [SHOWN_TYPE]: "SqlRuleAction",
            SqlExpression: action,
            CompatibilityLevel: 20,
            Parameters: pairsElement(actionParameters),
          },
    CreatedAt: new Date(0).toISOString(),
    Name: name,
  };
}

/** @returns nothing where it has no filter that is known */
export function ruleFrom(name: string, description: Body): RuleDefinition | undefined {
  const [filter, action] = [bodyOf(description, "Filter"), bodyOf(description, "Action").SqlExpression];
  const expression = filter.SqlExpression;
  const kind = String(filter[TYPE]).replace(/^.*:/, "");
  const [filterParameters, actionParameters] = [filter, bodyOf(description, "Action")].map((part) =>
    pairsIn(bodyOf(part, "Parameters")),
  );
  const rule = {
    name,
    ...(typeof action === "string" && action !== "" ? { action } : {}),
    ...(filterParameters ? { filterParameters } : {}),
    ...(actionParameters ? { actionParameters } : {}),
  };
  if (kind === "CorrelationFilter") return { ...rule, correlationFilter: correlationFrom(filter) };
  if (kind === "TrueFilter") return { ...rule, sqlFilter: "1=1" };
  if (kind === "FalseFilter") return { ...rule, sqlFilter: "1=0" };
  return typeof expression === "string" ? { ...rule, sqlFilter: expression } : undefined;
}

function sqlElement(expression: string): Body {
  const kind = expression === "1=1" ? "TrueFilter" : expression === "1=0" ? "FalseFilter" : "SqlFilter";
  return { [SHOWN_TYPE]: kind, SqlExpression: expression, CompatibilityLevel: 20 };
}

function correlationElement(filter: CorrelationFilter): Body {
  return {
    [SHOWN_TYPE]: "CorrelationFilter",
    ...Object.fromEntries(
      CORRELATION.flatMap(([element, name]) => (filter[name] === undefined ? [] : [[element, filter[name]]])),
    ),
    ...(filter.properties === undefined ? {} : { Properties: pairsElement(filter.properties) }),
  };
}

/** Names and values of any type. */
function pairsElement(pairs: Readonly<Record<string, PropertyValue>> = {}): Body | string {
  const entries = Object.entries(pairs);
  if (entries.length === 0) return "";
  return {
    KeyValueOfstringanyType: entries.map(([key, value]) => ({
      Key: key,
      Value: {
        [SHOWN_TYPE]: `d6p1:${typeName(value)}`,
        [`${ATTRIBUTE}xmlns:d6p1`]: SCHEMA,
        [TEXT]: value instanceof Date ? value.toISOString() : value,
      },
    })),
  };
}

function pairsIn(element: Body): Readonly<Record<string, PropertyValue>> | undefined {
  const pairs = element.KeyValueOfstringanyType;
  if (!Array.isArray(pairs) || pairs.length === 0) return undefined;
  return Object.fromEntries((pairs as Body[]).map(({ Key, Value }) => [String(Key), propertyFrom(Value)]));
}

function typeName(value: PropertyValue): string {
  if (value instanceof Date) return "dateTime";
  if (typeof value === "boolean") return "boolean";
  if (typeof value === "string") return "string";
  if (!Number.isInteger(value)) return "double";
  return Math.abs(value) < 2 ** 31 ? "int" : "long";
}

function correlationFrom(filter: Body): CorrelationFilter {
  const named = CORRELATION.flatMap(([element, name]) => {
    const value = filter[element];
    return typeof value === "string" && value !== "" ? [[name, value] as const] : [];
  });
  const properties = pairsIn(bodyOf(filter, "Properties"));
  return { ...Object.fromEntries(named), ...(properties ? { properties } : {}) };
}

function propertyFrom(value: unknown): PropertyValue {
  if (typeof value !== "object" || value === null) return String(value);
  const { [TYPE]: type, [TEXT]: text } = value as Body;
  const kind = String(type).replace(/^.*:/, "");
  if (kind === "boolean") return text === "true";
  if (kind === "dateTime") {
    const date = new Date(String(text));
    if (!Number.isNaN(date.getTime())) return date;
    throw new ServiceBusFault("com.microsoft:argument-error", `'${String(text)}' is no time.`);
  }
  if (["int", "long", "short", "double", "float", "decimal"].includes(kind)) {
    const number = Number(text);
    if (Number.isFinite(number)) return number;
    throw new ServiceBusFault("com.microsoft:argument-error", `'${String(text)}' is no number.`);
  }
  return typeof text === "string" ? text : "";
}
