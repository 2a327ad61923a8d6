import { findNodeAtLocation, type Node, type ParseError, parseTree, printParseErrorCode } from "jsonc-parser";
import { keysOf, type LineOf, type Mistake, pathOf } from "./mistake";

/** A JSON text: what it holds, and where. */
export interface JsonSource {
  readonly value: unknown;
  readonly mistakes: readonly Mistake[];
  readonly lineOf: LineOf;
}

/** Reads JSON as RFC 8259 has it, and tells what JSON.parse would pass over: a key that an object has twice. */
export function jsonSource(text: string): JsonSource {
  const plain = text.replace(/^\uFEFF/, "");
  const errors: ParseError[] = [];
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

function duplicatesIn(node: Node, keys: readonly (string | number)[], text: string): Mistake[] {
  const { children = [] } = node;
  if (node.type === "array") return children.flatMap((child, index) => duplicatesIn(child, [...keys, index], text));
  const first = new Map<string, Node>();
  return children.flatMap((member) => {
    const [key, value] = member.children ?? [];
    if (!key || !value) return [];
    const name = String(key.value);
    const before = first.get(name);
    first.set(name, before ?? key);
    return [
      ...(before
        ? [
            {
              path: pathOf([...keys, name]),
              got: `the key twice, in lines ${positionOf(text, before.offset).line} and ${positionOf(text, key.offset).line}`,
              expected: "each key of an object once",
              fix: "remove one of the two; of two values only the last would count",
            },
          ]
        : []),
      ...duplicatesIn(value, [...keys, name], text),
    ];
  });
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
