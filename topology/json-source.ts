import {
  createScanner,
  findNodeAtLocation,
  type Node,
  type ParseError,
  parseTree,
  printParseErrorCode,
  SyntaxKind,
} from "jsonc-parser";
import { keysOf, type LineOf, type Mistake, pathOf, WHOLE } from "./mistake";

/** A JSON text: what it holds, and where. */
export interface JsonSource {
  readonly value: unknown;
  readonly mistakes: readonly Mistake[];
  readonly lineOf: LineOf;
}

/** A topology is some ten deep; what reads it calls itself for each. */
const DEEPEST = 100;

const AND = new Intl.ListFormat("en");

/** Reads JSON as RFC 8259 defines it, and finds what JSON.parse ignores: a key that an object has twice. */
export function jsonSource(text: string): JsonSource {
  const plain = text.replace(/^\uFEFF/, "");
  const errors: ParseError[] = [];
  const depth = depthOf(plain);
  if (depth > DEEPEST) {
    return {
      value: undefined,
      mistakes: [{ path: WHOLE, got: `values nested ${depth} deep`, expected: "a topology", fix: "write one" }],
      lineOf: () => undefined,
    };
  }
  const root = parseTree(plain, errors, { disallowComments: true, allowTrailingComma: false });
  const [error] = errors;
  if (!root || error) {
    const { line, column } = positionOf(plain, error?.offset ?? 0);
    return {
      value: undefined,
      mistakes: [
        {
          path: `line ${line}, column ${column}`,
          got: plain.trim() === "" ? "an empty file" : `"${plain.slice(error?.offset ?? 0).slice(0, 20)}"`,
          expected: "JSON",
          fix: error ? `correct the syntax there (${printParseErrorCode(error.error)})` : "write a topology",
        },
      ],
      lineOf: () => undefined,
    };
  }
  return {
    value: JSON.parse(plain) as unknown,
    mistakes: duplicatesIn(root, [], plain),
    lineOf: (path) => lineAt(root, keysOf(path), plain),
  };
}

function depthOf(text: string): number {
  const scanner = createScanner(text, true);
  let [depth, deepest] = [0, 0];
  for (let token = scanner.scan(); token !== SyntaxKind.EOF; token = scanner.scan()) {
    if (token === SyntaxKind.OpenBraceToken || token === SyntaxKind.OpenBracketToken) depth += 1;
    if (token === SyntaxKind.CloseBraceToken || token === SyntaxKind.CloseBracketToken) depth -= 1;
    deepest = Math.max(deepest, depth);
  }
  return deepest;
}

function duplicatesIn(node: Node, keys: readonly (string | number)[], text: string): Mistake[] {
  const { children = [] } = node;
  if (node.type === "array") return children.flatMap((child, index) => duplicatesIn(child, [...keys, index], text));
  const members = children.flatMap(({ children: [key, value] = [] }) =>
    key && value ? [{ name: String(key.value), key, value }] : [],
  );
  const named = new Map<string, Node[]>();
  for (const { name, key } of members) named.set(name, [...(named.get(name) ?? []), key]);
  return [
    ...[...named].flatMap(([name, places]) => {
      if (places.length === 1) return [];
      const lines = AND.format(places.map(({ offset }) => String(positionOf(text, offset).line)));
      return [
        {
          path: pathOf([...keys, name]),
          got: `the key ${places.length === 2 ? "twice" : `${places.length} times`}, in lines ${lines}`,
          expected: "each key of an object once",
          fix: "keep one of them; only the last value would count",
        },
      ];
    }),
    ...members.flatMap(({ name, value }) => duplicatesIn(value, [...keys, name], text)),
  ];
}

/** The line of the deepest part of a path that is there. */
function lineAt(root: Node, keys: readonly (string | number)[], text: string): number | undefined {
  for (let length = keys.length; length > 0; length -= 1) {
    const node = findNodeAtLocation(root, keys.slice(0, length));
    if (node) return positionOf(text, node.parent?.type === "property" ? node.parent.offset : node.offset).line;
  }
  return positionOf(text, root.offset).line;
}

function positionOf(text: string, offset: number): { line: number; column: number } {
  const before = text.slice(0, offset).split("\n");
  return { line: before.length, column: (before.at(-1) ?? "").length + 1 };
}
