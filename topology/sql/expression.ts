import { SqlError, type Token, type Tokens } from "./lexer";
import {
  calculated,
  compared,
  like,
  type MessageView,
  newId,
  type PropertyReference,
  systemProperty,
  type Value,
  valueOf,
} from "./values";

export type Expression = (content: MessageView) => Value;
/** As a condition, a text or a number is unknown. */
export type Condition = (content: MessageView) => boolean | null;

function truth(of: Expression): Condition {
  return (content) => {
    const value = of(content);
    return typeof value === "boolean" ? value : null;
  };
}

const COMPARISONS = ["=", "<>", "!=", "<=", ">=", "<", ">"];

/** What a filter is: true, false or unknown. */
export function condition(tokens: Tokens): Condition {
  return truth(disjunction(tokens));
}

/** `<predicate> OR <predicate>`, in three-valued logic; a lone expression is itself, so that `(a + b) > c` adds. */
function disjunction(tokens: Tokens): Expression {
  let left = conjunction(tokens);
  while (tokens.take("OR")) {
    const [one, other] = [truth(left), truth(conjunction(tokens))];
    left = (content) => {
      const value = one(content);
      if (value === true) return true;
      const second = other(content);
      return second === true ? true : value === null || second === null ? null : false;
    };
  }
  return left;
}

function conjunction(tokens: Tokens): Expression {
  let left = negation(tokens);
  while (tokens.take("AND")) {
    const [one, other] = [truth(left), truth(negation(tokens))];
    left = (content) => {
      const value = one(content);
      if (value === false) return false;
      const second = other(content);
      return second === false ? false : value === null || second === null ? null : true;
    };
  }
  return left;
}

function negation(tokens: Tokens): Expression {
  if (!tokens.take("NOT")) return predicate(tokens);
  const inner = truth(negation(tokens));
  return (content) => not(inner(content));
}

function not(value: boolean | null): boolean | null {
  return value === null ? null : !value;
}

function predicate(tokens: Tokens): Expression {
  if (tokens.take("EXISTS")) {
    tokens.expect("(");
    const reference = property(tokens);
    tokens.expect(")");
    return (content) => valueOf(content, reference) !== null;
  }
  const left = expression(tokens);
  if (tokens.take("IS")) {
    const negated = tokens.take("NOT") !== undefined;
    tokens.expect("NULL");
    return (content) => (left(content) === null) !== negated;
  }
  const negated = tokens.take("NOT") !== undefined;
  const positive = membership(tokens, left);
  if (positive) return negated ? (content) => not(positive(content)) : positive;
  if (negated) throw tokens.unexpected("LIKE or IN");
  const operator = tokens.take(...COMPARISONS);
  if (operator === undefined) return left;
  const right = expression(tokens);
  return (content) => compared(operator, left(content), right(content));
}

function membership(tokens: Tokens, left: Expression): Condition | undefined {
  if (tokens.take("LIKE")) {
    const pattern = expression(tokens);
    const escape = tokens.take("ESCAPE") ? expression(tokens) : undefined;
    return (content) => {
      const [sought, character] = [pattern(content), escape?.(content)];
      if (typeof sought !== "string") return null;
      return like(left(content), sought, typeof character === "string" ? character : undefined);
    };
  }
  if (tokens.take("IN")) {
    tokens.expect("(");
    const options = [expression(tokens)];
    while (tokens.take(",")) options.push(expression(tokens));
    tokens.expect(")");
    return (content) => {
      const value = left(content);
      if (value === null) return null;
      return options.some((option) => compared("=", value, option(content)) === true);
    };
  }
  return undefined;
}

/** Sums and products, left to right. */
export function expression(tokens: Tokens): Expression {
  return leftToRight(tokens, ["+", "-"], () => leftToRight(tokens, ["*", "/", "%"], () => operand(tokens)));
}

function leftToRight(tokens: Tokens, operators: readonly string[], part: () => Expression): Expression {
  let left = part();
  for (let operator = tokens.take(...operators); operator !== undefined; operator = tokens.take(...operators)) {
    const [one, other, sign] = [left, part(), operator];
    left = (content) => calculated(sign, one(content), other(content));
  }
  return left;
}

function operand(tokens: Tokens): Expression {
  if (tokens.take("(")) {
    const inner = disjunction(tokens);
    tokens.expect(")");
    return inner;
  }
  const sign = tokens.take("-", "+");
  if (sign !== undefined) {
    const inner = operand(tokens);
    return (content) => calculated(sign, 0, inner(content));
  }
  const { kind, value } = tokens.peek();
  if (kind === "number" || kind === "text") {
    tokens.next();
    const constant = kind === "number" ? Number(value) : value;
    return () => constant;
  }
  const word = tokens.take("TRUE", "FALSE", "NULL");
  if (word !== undefined) return () => (word === "NULL" ? null : word === "TRUE");
  if (tokens.peek(1).value === "(") return call(tokens);
  const reference = property(tokens);
  return (content) => valueOf(content, reference);
}

function call(tokens: Tokens): Expression {
  const name = tokens.take("NEWID", "PROPERTY", "P");
  if (name === undefined) throw tokens.unexpected("newid() or property(name)");
  tokens.expect("(");
  if (name === "NEWID") {
    tokens.expect(")");
    return newId;
  }
  const { kind, value: constant } = tokens.peek();
  if (kind === "text") tokens.names({ scope: "user", name: constant });
  const argument = expression(tokens);
  tokens.expect(")");
  return (content) => {
    const value = argument(content);
    return typeof value === "string" ? valueOf(content, { scope: "user", name: value }) : null;
  };
}

const RESERVED = new Set(["AND", "OR", "NOT", "IN", "LIKE", "ESCAPE", "IS", "NULL", "EXISTS", "TRUE", "FALSE"]);

function isReserved({ kind, value }: Token): boolean {
  return kind === "name" && RESERVED.has(value.toUpperCase());
}

/** `name`, `user.name`, `sys.name`, with names in brackets or quotes where they need it. */
export function property(tokens: Tokens): PropertyReference {
  const first = tokens.peek();
  if ((first.kind !== "name" && first.kind !== "delimited") || isReserved(first)) {
    throw tokens.unexpected("a value or a property");
  }
  tokens.next();
  const scope = first.kind === "name" ? first.value.toLowerCase() : "";
  if ((scope !== "sys" && scope !== "user") || !tokens.take(".")) {
    return tokens.names({ scope: "user", name: first.value });
  }
  const name = tokens.next();
  if (name.kind !== "name" && name.kind !== "delimited") throw tokens.unexpected("a property's name");
  if (scope === "sys" && systemProperty(name.value) === undefined) {
    throw new SqlError(`sys.${name.value} is no system property that a filter can name`, first.at);
  }
  return tokens.names({ scope, name: name.value });
}
