import { type Body, bodyOf } from "../../azure/document";
import type { CorrelationFilter, RuleDefinition } from "../../azure/messaging";
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

type PropertyValue = string | number | boolean;

export function ruleDescription({ name, sqlFilter, correlationFilter, action }: RuleDefinition): Body {
  return {
    Filter: correlationFilter ? correlationElement(correlationFilter) : sqlElement(sqlFilter ?? "1=1"),
    Action:
      action === undefined
        ? { [SHOWN_TYPE]: "EmptyRuleAction" }
        : { [SHOWN_TYPE]: "SqlRuleAction", SqlExpression: action, CompatibilityLevel: 20 },
    CreatedAt: new Date(0).toISOString(),
    Name: name,
  };
}

/** @returns nothing where it has no filter that is known @throws ServiceBusFault where its SQL has parameters */
export function ruleFrom(name: string, description: Body): RuleDefinition | undefined {
  const [filter, action] = [bodyOf(description, "Filter"), bodyOf(description, "Action").SqlExpression];
  if (Object.keys(bodyOf(filter, "Parameters")).length > 0) {
    throw new ServiceBusFault(
      "amqp:not-implemented",
      "Parameters of a SQL filter are not served here: write their values into it.",
    );
  }
  const expression = filter.SqlExpression;
  const kind = String(filter[TYPE]).replace(/^.*:/, "");
  const rule = typeof action === "string" && action !== "" ? { name, action } : { name };
  if (kind === "CorrelationFilter") return { ...rule, correlationFilter: correlationFrom(filter) };
  if (kind === "TrueFilter") return { ...rule, sqlFilter: "1=1" };
  if (kind === "FalseFilter") return { ...rule, sqlFilter: "1=0" };
  return typeof expression === "string" ? { ...rule, sqlFilter: expression } : undefined;
}

function sqlElement(expression: string): Body {
  const kind = expression === "1=1" ? "TrueFilter" : expression === "1=0" ? "FalseFilter" : "SqlFilter";
  return { [SHOWN_TYPE]: kind, SqlExpression: expression, CompatibilityLevel: 20, Parameters: "" };
}

function correlationElement(filter: CorrelationFilter): Body {
  const properties = Object.entries(filter.properties ?? {});
  return {
    [SHOWN_TYPE]: "CorrelationFilter",
    ...Object.fromEntries(
      CORRELATION.flatMap(([element, name]) => (filter[name] === undefined ? [] : [[element, filter[name]]])),
    ),
    ...(properties.length === 0
      ? {}
      : {
          Properties: {
            KeyValueOfstringanyType: properties.map(([key, value]) => ({
              Key: key,
              Value: {
                [SHOWN_TYPE]: `d6p1:${typeName(value)}`,
                [`${ATTRIBUTE}xmlns:d6p1`]: SCHEMA,
                [TEXT]: value,
              },
            })),
          },
        }),
  };
}

function typeName(value: PropertyValue): string {
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
  const pairs = bodyOf(filter, "Properties").KeyValueOfstringanyType;
  const properties = (Array.isArray(pairs) ? (pairs as Body[]) : []).map(
    ({ Key, Value }) => [String(Key), propertyFrom(Value)] as const,
  );
  return {
    ...Object.fromEntries(named),
    ...(properties.length > 0 ? { properties: Object.fromEntries(properties) } : {}),
  };
}

function propertyFrom(value: unknown): PropertyValue {
  if (typeof value !== "object" || value === null) return String(value);
  const { [TYPE]: type, [TEXT]: text } = value as Body;
  const kind = String(type).replace(/^.*:/, "");
  if (kind === "boolean") return text === "true";
  if (["int", "long", "short", "double", "float", "decimal"].includes(kind)) return Number(text);
  return typeof text === "string" ? text : "";
}
