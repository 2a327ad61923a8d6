import type { PropertyReference } from "./values";

/** A token of Service Bus' SQL (learn.microsoft.com/azure/service-bus-messaging/service-bus-messaging-sql-filter). */
export interface Token {
  readonly kind: "name" | "delimited" | "text" | "number" | "sign" | "end";
  readonly value: string;
  readonly at: number;
}

/** What is not SQL as Service Bus takes it. */
export class SqlError extends Error {
  override name = "SqlError";

  /** @param at where it goes wrong, counted from 0; the message counts from 1 */
  constructor(what: string, at: number) {
    super(`${what} at character ${at + 1}`);
  }
}

const PATTERN =
  /\s*(?:(?<number>\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)|'(?<text>(?:[^']|'')*)'|\[(?<bracketed>(?:[^\]]|\]\])+)\]|"(?<quoted>(?:[^"]|"")+)"|(?<name>[\p{L}_][\p{L}\p{Nd}_$@#]*)|(?<sign><>|!=|<=|>=|[=<>+\-*/%(),.;]))/uy;

export function tokensOf(sql: string): Token[] {
  const tokens: Token[] = [];
  const end = sql.trimEnd().length;
  PATTERN.lastIndex = 0;
  while (PATTERN.lastIndex < end) {
    const at = PATTERN.lastIndex;
    const groups = PATTERN.exec(sql)?.groups;
    if (!groups) throw unreadable(sql, at);
    const { number, text, bracketed, quoted, name, sign } = groups;
    const start = at + (/^\s*/.exec(sql.slice(at))?.[0].length ?? 0);
    if (number !== undefined) tokens.push({ kind: "number", value: number, at: start });
    else if (text !== undefined) tokens.push({ kind: "text", value: text.replaceAll("''", "'"), at: start });
    else if (bracketed !== undefined)
      tokens.push({ kind: "delimited", value: bracketed.replaceAll("]]", "]"), at: start });
    else if (quoted !== undefined) tokens.push({ kind: "delimited", value: quoted.replaceAll('""', '"'), at: start });
    else if (name !== undefined) tokens.push({ kind: "name", value: name, at: start });
    else tokens.push({ kind: "sign", value: sign ?? "", at: start });
  }
  return [...tokens, { kind: "end", value: "the end", at: end }];
}

function unreadable(sql: string, at: number): SqlError {
  const rest = sql.slice(at);
  const start = rest.trimStart();
  const what = start.startsWith("'") ? "a text without its closing quote" : `"${start.slice(0, 20)}" cannot be read`;
  return new SqlError(what, at + rest.length - start.length);
}

/** Reads tokens one by one. */
export class Tokens {
  /** Every property that was named. */
  readonly references: PropertyReference[] = [];
  private position = 0;
  private readonly tokens: readonly Token[];

  constructor(sql: string) {
    this.tokens = tokensOf(sql);
  }

  peek(ahead = 0): Token {
    return this.tokens[Math.min(this.position + ahead, this.tokens.length - 1)] as Token;
  }

  next(): Token {
    const token = this.peek();
    this.position += 1;
    return token;
  }

  /** Whether the next token is one of these keywords or signs; it is taken then. */
  take(...values: readonly string[]): string | undefined {
    const { kind, value } = this.peek();
    if (kind !== "name" && kind !== "sign") return undefined;
    const found = values.find((expected) => expected === value.toUpperCase());
    if (found !== undefined) this.position += 1;
    return found;
  }

  expect(value: string): void {
    if (this.take(value) === undefined) throw this.unexpected(value);
  }

  unexpected(expected: string): SqlError {
    const { value, at } = this.peek();
    return new SqlError(`${expected} expected and ${value} found`, at);
  }

  /** Notes a property that the text names. */
  names(reference: PropertyReference): PropertyReference {
    this.references.push(reference);
    return reference;
  }
}
