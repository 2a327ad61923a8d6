import { parseSqlAction, parseSqlFilter, type SqlStatement } from "../../../topology/sql/sql";
import type { Value } from "../../../topology/sql/values";
import { boolean, double, long, text } from "../amqp/encoding";
import type { Changes, Content } from "../entities/content";

/** A rule's filter. @throws Error where it cannot be evaluated for the message */
export type Filter = (content: Content) => boolean;
/** A rule's action. @throws Error where it cannot be evaluated for the message */
export type Action = (content: Content) => Content;

/** @throws SqlError that says where the text goes wrong */
export function sqlFilter(sql: string): Filter {
  return parseSqlFilter(sql).matches;
}

/** @throws SqlError that says where the text goes wrong */
export function sqlAction(sql: string): Action {
  const statements = parseSqlAction(sql);
  return (content) =>
    statements.reduce((changed, statement) => changed.changed(changesOf(statement, changed)), content);
}

function changesOf(statement: SqlStatement, content: Content): Changes {
  const { name } = statement;
  if (statement.verb === "REMOVE") return { applicationProperties: new Map([[name, null]]) };
  const value = statement.value(content);
  if (statement.system === undefined) {
    return { applicationProperties: new Map([[name, value === null ? null : encoded(value)]]) };
  }
  if (typeof value !== "string") throw new Error(`sys.${name} takes text, not ${String(value)}`);
  return { properties: { [statement.system]: value } };
}

function encoded(value: NonNullable<Value>): Buffer {
  if (typeof value === "string") return text(value);
  if (typeof value === "boolean") return boolean(value);
  return Number.isSafeInteger(value) ? long(value) : double(value);
}
