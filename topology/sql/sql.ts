import { condition, type Expression, expression, property } from "./expression";
import { SqlError, Tokens, tokensOf } from "./lexer";
import { type MessageView, type PropertyName, type PropertyReference, systemProperty } from "./values";

/** A rule's filter, read. */
export interface SqlFilter {
  /** @throws Error where it cannot be evaluated for the message */
  readonly matches: (message: MessageView) => boolean;
  /** Every property that it names. */
  readonly reads: readonly PropertyReference[];
  /** Every text and number in it. */
  readonly constants: readonly (string | number)[];
}

/** One statement of a rule's action. */
export type SqlStatement =
  | { readonly verb: "SET"; readonly system?: PropertyName; readonly name: string; readonly value: Expression }
  | { readonly verb: "REMOVE"; readonly name: string };

/** @throws SqlError that says where the text goes wrong */
export function parseSqlFilter(sql: string): SqlFilter {
  const tokens = new Tokens(sql);
  const compiled = condition(tokens);
  if (tokens.peek().kind !== "end") throw tokens.unexpected("the end");
  // Unknown is not true.
  const constants = tokensOf(sql).flatMap(({ kind, value }): (string | number)[] =>
    kind === "text" ? [value] : kind === "number" ? [Number(value)] : [],
  );
  return { matches: (message) => compiled(message) === true, reads: tokens.references, constants };
}

/** `SET property = expression; REMOVE property; …` @throws SqlError that says where the text goes wrong */
export function parseSqlAction(sql: string): readonly SqlStatement[] {
  const tokens = new Tokens(sql);
  const statements: SqlStatement[] = [];
  do {
    statements.push(statement(tokens));
    tokens.take(";");
  } while (tokens.peek().kind !== "end");
  return statements;
}

function statement(tokens: Tokens): SqlStatement {
  const { at } = tokens.peek();
  const verb = tokens.take("SET", "REMOVE");
  if (verb === undefined) throw tokens.unexpected("SET or REMOVE");
  const { scope, name } = property(tokens);
  const system = scope === "sys" ? systemProperty(name) : undefined;
  if (verb === "REMOVE") {
    if (system !== undefined) throw new SqlError(`sys.${name} cannot be removed`, at);
    return { verb, name };
  }
  tokens.expect("=");
  return { verb: "SET", system, name, value: expression(tokens) };
}
