import { boolean, double, long, text } from "../amqp/encoding";
import type { Changes, Content, PropertyName } from "../entities/content";
import { condition, expression, property } from "./expression";
import { SqlError, Tokens } from "./lexer";
import { systemProperty, type Value } from "./values";

/** A rule's filter. @throws Error where it cannot be evaluated for the message */
export type Filter = (content: Content) => boolean;
/** A rule's action. @throws Error where it cannot be evaluated for the message */
export type Action = (content: Content) => Content;

/** @throws SqlError that says where the text goes wrong */
export function sqlFilter(sql: string): Filter {
  const tokens = new Tokens(sql);
  const compiled = condition(tokens);
  if (tokens.peek().kind !== "end") throw tokens.unexpected("the end");
  // Unknown is not true.
  return (content) => compiled(content) === true;
}

/** `SET property = expression; REMOVE property; …` @throws SqlError that says where the text goes wrong */
export function sqlAction(sql: string): Action {
  const tokens = new Tokens(sql);
  const steps: Action[] = [];
  while (tokens.peek().kind !== "end") {
    steps.push(statement(tokens));
    tokens.take(";");
  }
  return (content) => steps.reduce((changed, step) => step(changed), content);
}

function statement(tokens: Tokens): Action {
  const verb = tokens.take("SET", "REMOVE");
  if (verb === undefined) throw tokens.unexpected("SET or REMOVE");
  const { scope, name } = property(tokens);
  const system = scope === "sys" ? systemProperty(name) : undefined;
  if (system !== undefined && verb === "REMOVE") throw new SqlError(`sys.${name} cannot be removed`);
  if (verb === "REMOVE") {
    return (content) => content.changed({ applicationProperties: new Map([[name, null]]) });
  }
  tokens.expect("=");
  const value = expression(tokens);
  return (content) => content.changed(changeTo(system, name, value(content)));
}

function changeTo(system: PropertyName | undefined, name: string, value: Value): Changes {
  if (system === undefined) return { applicationProperties: new Map([[name, value === null ? null : encoded(value)]]) };
  if (typeof value !== "string") throw new Error(`sys.${name} takes text, not ${String(value)}`);
  return { properties: { [system]: value } };
}

function encoded(value: string | number | boolean): Buffer {
  if (typeof value === "string") return text(value);
  if (typeof value === "boolean") return boolean(value);
  return Number.isSafeInteger(value) ? long(value) : double(value);
}
