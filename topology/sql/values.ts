import { randomUUID } from "node:crypto";

/** A message's own properties that a filter can name, as Service Bus' clients call them. */
export type PropertyName =
  "messageId" | "to" | "subject" | "replyTo" | "correlationId" | "contentType" | "sessionId" | "replyToSessionId";

/** What a filter looks at. */
export interface MessageView {
  property(name: PropertyName): string | undefined;
  /** An application property, decoded; names ignore case. */
  applicationProperty(name: string): unknown;
}

/** A value of Service Bus' SQL; `null` is unknown. */
export type Value = string | number | boolean | null;

export interface PropertyReference {
  readonly scope: "sys" | "user";
  readonly name: string;
}

const SYSTEM_PROPERTIES: ReadonlyMap<string, PropertyName> = new Map([
  ["contenttype", "contentType"],
  ["correlationid", "correlationId"],
  ["label", "subject"],
  ["messageid", "messageId"],
  ["replyto", "replyTo"],
  ["replytosessionid", "replyToSessionId"],
  ["sessionid", "sessionId"],
  ["subject", "subject"],
  ["to", "to"],
]);

export function systemProperty(name: string): PropertyName | undefined {
  return SYSTEM_PROPERTIES.get(name.toLowerCase());
}

export function valueOf(content: MessageView, { scope, name }: PropertyReference): Value {
  if (scope === "sys") {
    const property = systemProperty(name);
    return property === undefined ? null : (content.property(property) ?? null);
  }
  const value = content.applicationProperty(name);
  if (typeof value === "string" || typeof value === "number" || typeof value === "boolean") return value;
  if (value instanceof Date) return value.getTime();
  return null;
}

export function newId(): string {
  return randomUUID();
}

/** Three-valued comparison: unknown where either side is, or where they cannot be compared. */
export function compared(operator: string, left: Value, right: Value): boolean | null {
  if (left === null || right === null) return null;
  if (typeof left !== typeof right)
    return operator === "<>" || operator === "!=" ? true : operator === "=" ? false : null;
  switch (operator) {
    case "=":
      return left === right;
    case "<>":
    case "!=":
      return left !== right;
    case "<":
      return left < right;
    case "<=":
      return left <= right;
    case ">":
      return left > right;
    default:
      return left >= right;
  }
}

/** @throws Error where the operation has no meaning for the values: the filter failed then */
export function calculated(operator: string, left: Value, right: Value): Value {
  if (left === null || right === null) return null;
  if (operator === "+" && typeof left === "string" && typeof right === "string") return left + right;
  if (typeof left !== "number" || typeof right !== "number") {
    throw new Error(`the operator ${operator} takes no ${typeof left} and ${typeof right}`);
  }
  switch (operator) {
    case "+":
      return left + right;
    case "-":
      return left - right;
    case "*":
      return left * right;
    case "/":
      if (right === 0) throw new Error("division by zero");
      return left / right;
    default:
      return left % right;
  }
}

/** SQL's LIKE: `%` is any text, `_` one character. */
export function like(text: Value, pattern: string, escape: string | undefined): boolean | null {
  if (typeof text !== "string") return null;
  let source = "";
  for (let index = 0; index < pattern.length; index += 1) {
    const character = pattern.charAt(index);
    if (character === escape && index + 1 < pattern.length) {
      index += 1;
      source += literal(pattern.charAt(index));
    } else if (character === "%") source += "[^]*";
    else if (character === "_") source += "[^]";
    else source += literal(character);
  }
  return new RegExp(`^${source}$`, "u").test(text);
}

function literal(character: string): string {
  return character.replace(/[\\^$.*+?()[\]{}|/]/, "\\$&");
}
