import { createScanner, SyntaxKind, visit } from "jsonc-parser";
import { textIn } from "./charsets";
import { NotAnObject } from "./json-errors";
import { refuseUnread } from "./json-scan";
import { isObject } from "./settings";

export type JsonObject = Readonly<Record<string, unknown>>;

/** A JSON object, and the text it was read from. */
export interface ObjectText {
  readonly value: JsonObject;
  /** Exactly as it came: numbers that JavaScript cannot hold, key order and white space are the sender's. */
  readonly text: string;
}

/** @throws NotAnObject where bytes are no text of that encoding; `RangeError` where there is no such encoding */
export function decoded(bytes: Uint8Array, charset = "utf-8"): string {
  const text = textIn(bytes, charset);
  if (text === undefined) throw new NotAnObject("NotText", `is no text in ${charset}`);
  return text;
}

/**
 * Reads one JSON object.
 *
 * @param keys those that must not be there twice: JSON.parse would take the last, another reader perhaps the first
 * @throws NotAnObject
 */
export function objectOf(text: string, keys: readonly string[] = []): ObjectText {
  return objectIn(parsed(text), text, keys);
}

function objectIn(value: unknown, text: string, keys: readonly string[]): ObjectText {
  if (!isObject(value)) throw new NotAnObject("NotAnObject", "is not a JSON object");
  if (mayBreak(text, keys)) {
    const [item] = itemsIn(text, 0);
    refuseTwice(item?.keys ?? [], keys);
  }
  return { value, text };
}

/**
 * The objects of a JSON array, each with its own part of the text; a JSON object is the only one.
 *
 * @param most how many there may be; counted before they are parsed
 * @throws NotAnObject, its message starting with the item that is wrong; TooMany
 */
export function objectsOf(
  text: string,
  keys: readonly string[] = [],
  most = Infinity,
): { batch: boolean; objects: ObjectText[] } {
  const value = parsed(text, most);
  if (!Array.isArray(value)) return { batch: false, objects: [objectIn(value, text, keys)] };
  const cut = itemsIn(text, 1);
  const objects = (value as unknown[]).map((item, index) => {
    const place = cut[index];
    if (!isObject(item) || !place) throw new NotAnObject("NotAnObject", `Item ${index} is not a JSON object`);
    try {
      refuseTwice(place.keys, keys);
    } catch (error) {
      throw error instanceof NotAnObject ? new NotAnObject(error.code, `Item ${index} ${error.message}`) : error;
    }
    return { value: item, text: text.slice(place.start, place.end) };
  });
  return { batch: true, objects };
}

function parsed(text: string, most = Infinity): unknown {
  refuseUnread(text, most);
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw new NotAnObject("NotJson", "does not parse");
  }
}

/** A cheap look, because every message gets one: whether the text could hold one of the keys twice. */
function mayBreak(text: string, keys: readonly string[]): boolean {
  // An escaped key is the same key.
  if (text.includes("\\u")) return true;
  return keys.some((key) => isTwice(text, `"${key}"`));
}

function isTwice(text: string, part: string): boolean {
  const first = text.indexOf(part);
  return first >= 0 && text.indexOf(part, first + part.length) >= 0;
}

interface Item {
  readonly start: number;
  end: number;
  /** Of the item itself, not of what is in it. */
  readonly keys: string[];
}

/**
 * The places of items in a JSON text that parses.
 *
 * @param depth 0: the text is the item; 1: it is a list of them
 */
function itemsIn(text: string, depth: 0 | 1): Item[] {
  const scanner = createScanner(text, true);
  const items: Item[] = [];
  let level = 0;
  let atKey = false;
  for (let token = scanner.scan(); token !== SyntaxKind.EOF; token = scanner.scan()) {
    const opens = token === SyntaxKind.OpenBraceToken || token === SyntaxKind.OpenBracketToken;
    const closes = token === SyntaxKind.CloseBraceToken || token === SyntaxKind.CloseBracketToken;
    const item = items.at(-1);
    if (opens) {
      level += 1;
      atKey = token === SyntaxKind.OpenBraceToken;
      if (level === depth + 1) items.push({ start: scanner.getTokenOffset(), end: 0, keys: [] });
    } else if (closes) {
      level -= 1;
      if (level === depth && item) item.end = scanner.getTokenOffset() + scanner.getTokenLength();
    } else if (token === SyntaxKind.CommaToken) {
      atKey = true;
    } else if (level === depth && depth === 1) {
      // No object: it keeps its place among the others.
      items.push({ start: scanner.getTokenOffset(), end: 0, keys: [] });
    } else if (token === SyntaxKind.StringLiteral && atKey && level === depth + 1 && item) {
      item.keys.push(scanner.getTokenValue());
      atKey = false;
    }
  }
  return items;
}

function refuseTwice(found: readonly string[], keys: readonly string[]): void {
  const twice = keys.find((key) => found.indexOf(key) !== found.lastIndexOf(key));
  if (twice !== undefined) throw new NotAnObject("DuplicateKey", `has the key "${twice}" twice`);
}

/**
 * Refuses a key that is there twice in some of the objects within an object.
 *
 * @param paths the keys that lead to each
 * @throws NotAnObject
 */
export function refuseTwiceWithin(text: string, paths: readonly (readonly string[])[]): void {
  const deepest = Math.max(...paths.map(({ length }) => length));
  /** The keys that lead to where the reader is, as deep as matters. */
  const way: string[] = [];
  const found = new Map<string, Set<string>>(paths.map((path) => [path.join("\0"), new Set()]));
  let depth = 0;
  const opens = () => {
    depth += 1;
  };
  const closes = () => {
    depth -= 1;
  };
  visit(text, {
    onObjectBegin: opens,
    onObjectEnd: closes,
    onArrayBegin: opens,
    onArrayEnd: closes,
    onObjectProperty: (key) => {
      if (depth > deepest + 1) return;
      way.length = depth - 1;
      const keys = found.get(way.join("\0"));
      if (keys?.has(key) === true) {
        const where = way.length > 0 ? ` in ${way.join(".")}` : "";
        throw new NotAnObject("DuplicateKey", `has the key "${key}" twice${where}`);
      }
      keys?.add(key);
      way[depth - 1] = key;
    },
  });
}

const PLAIN = /^[\x20-\x7e]*$/;

/** Whether a text can be written as UTF-8 and read again as the same: a lone surrogate would become U+FFFD. */
export function isWellFormed(text: string): boolean {
  // Ids are plain mostly: then no look at each character's neighbours is needed.
  return PLAIN.test(text) || !/\p{Surrogate}/u.test(text);
}
