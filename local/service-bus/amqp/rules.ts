import { type Typed, types } from "rhea";
import type { CorrelationFilter, Parameters, RuleDefinition } from "../../azure/messaging";
import { ServiceBusFault } from "../errors";
import { textFrom } from "./encoding";
import { argument, countIn, optional, type Reply, type Request } from "./requests";
import type { Managed } from "./managed";

/** Descriptors of a rule's parts (learn.microsoft.com/azure/service-bus-messaging/service-bus-amqp-request-response#rule-operations). */
const RULE = 0x13700000004;
const NO_ACTION = 0x13700000005;
const SQL_ACTION = 0x13700000006;
const SQL_FILTER = 0x1370000006;
const TRUE_FILTER = 0x1370000007;
const FALSE_FILTER = 0x1370000008;
const CORRELATION_FILTER = 0x1370000009;
const COMPATIBILITY_LEVEL = 20;

/** A correlation filter's fields as a request names them, in the order in which an answer has them. */
const CORRELATION = [
  ["correlation-id", "correlationId"],
  ["message-id", "messageId"],
  ["to", "to"],
  ["reply-to", "replyTo"],
  ["label", "label"],
  ["session-id", "sessionId"],
  ["reply-to-session-id", "replyToSessionId"],
  ["content-type", "contentType"],
] as const satisfies readonly (readonly [string, keyof CorrelationFilter])[];

type Fields = Readonly<Record<string, unknown>>;

export function addRule({ rules, path }: Managed, request: Request): Reply {
  const name = textFrom(argument(request, "rule-name"));
  const description = fieldsOf(argument(request, "rule-description"));
  const action = fieldsOf(description["sql-rule-action"]).expression;
  rules.add(path, {
    name,
    ...filterIn(description, request),
    ...(typeof action === "string" && action !== "" ? { action } : {}),
  });
  return { status: 200 };
}

export function removeRule({ rules, path }: Managed, request: Request): Reply {
  rules.remove(path, textFrom(argument(request, "rule-name")));
  return { status: 200 };
}

export function enumerateRules({ rules, path }: Managed, request: Request): Reply {
  const skip = countIn(request, "skip", optional(request, "skip") ?? 0);
  const top = countIn(request, "top", optional(request, "top") ?? Number.MAX_SAFE_INTEGER);
  const page = rules.list(path).slice(skip, skip + top);
  if (page.length === 0) return { status: 204, description: "No rules." };
  return { status: 200, body: { rules: page.map((rule) => ({ "rule-description": described(rule) })) } };
}

function filterIn(description: Fields, request: Request): Pick<RuleDefinition, "sqlFilter" | "correlationFilter"> {
  if ("correlation-filter" in description) {
    return { correlationFilter: correlationIn(fieldsOf(description["correlation-filter"])) };
  }
  if ("true-filter" in description) return { sqlFilter: "1=1" };
  if ("false-filter" in description) return { sqlFilter: "1=0" };
  const { expression } = fieldsOf(description["sql-filter"]);
  if (typeof expression === "string") return { sqlFilter: expression };
  throw new ServiceBusFault("com.microsoft:argument-error", `The rule of ${request.operation} has no filter.`);
}

function correlationIn(fields: Fields): CorrelationFilter {
  const named = CORRELATION.flatMap(([field, name]) => {
    const value = fields[field];
    return typeof value === "string" ? [[name, value] as const] : [];
  });
  const properties = Object.entries(fieldsOf(fields.properties)).map(([name, value]) => {
    if (!isSimple(value)) {
      throw new ServiceBusFault(
        "com.microsoft:argument-error",
        `The property ${name} of a filter has no simple value.`,
      );
    }
    return [name, value] as const;
  });
  return {
    ...Object.fromEntries(named),
    ...(properties.length > 0 ? { properties: Object.fromEntries(properties) } : {}),
  };
}

function described({ name, sqlFilter, correlationFilter, action }: RuleDefinition): Typed {
  return types.wrap_described(
    [
      correlationFilter ? describedCorrelation(correlationFilter) : describedSql(sqlFilter ?? "1=1"),
      action === undefined
        ? types.wrap_described([], NO_ACTION)
        : types.wrap_described([action, types.wrap_int(COMPATIBILITY_LEVEL)], SQL_ACTION),
      name,
    ],
    RULE,
  );
}

function describedSql(expression: string): Typed {
  if (expression === "1=1") return types.wrap_described([], TRUE_FILTER);
  if (expression === "1=0") return types.wrap_described([], FALSE_FILTER);
  return types.wrap_described([expression, types.wrap_int(COMPATIBILITY_LEVEL)], SQL_FILTER);
}

function describedCorrelation(filter: CorrelationFilter): Typed {
  return types.wrap_described(
    [...CORRELATION.map(([, name]) => filter[name] ?? null), filter.properties ?? {}],
    CORRELATION_FILTER,
  );
}

function isSimple(value: unknown): value is Parameters[string] {
  if (value instanceof Date) return !Number.isNaN(value.getTime());
  return typeof value === "string" || typeof value === "boolean" || Number.isFinite(value);
}

function fieldsOf(value: unknown): Fields {
  return typeof value === "object" && value !== null ? (value as Fields) : {};
}
