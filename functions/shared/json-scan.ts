import { NotAnObject, TooMany } from "./json-errors";

/** How deep objects and lists may be nested: what .NET's JSON reader takes by default, too. */
const DEEPEST = 64;

/**
 * A look at brackets and commas before a text is parsed: what parsing takes grows with the values in it, and a list of a million is no dearer to send than a long text.
 *
 * @throws TooMany, NotAnObject
 */
export function refuseUnread(text: string, most: number): void {
  const list = /^[\s\ufeff]*\[/.test(text);
  if (!list && count(text, "{") + count(text, "[") <= DEEPEST) return;
  const deepest = list ? DEEPEST + 1 : DEEPEST;
  let level = 0;
  let commas = 0;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) at = endOfString(text, at);
    else if (code === OPEN_BRACE || code === OPEN_BRACKET) {
      level += 1;
      if (level > deepest) {
        throw new NotAnObject("TooDeep", `${list ? `Item ${commas} ` : ""}is nested deeper than ${DEEPEST} levels`);
      }
    } else if (code === CLOSE_BRACE || code === CLOSE_BRACKET) level -= 1;
    else if (list && code === COMMA && level === 1) {
      commas += 1;
      if (commas >= most) throw new TooMany(most);
    }
  }
}

const [QUOTE, COMMA, OPEN_BRACKET, CLOSE_BRACKET, OPEN_BRACE, CLOSE_BRACE] = [34, 44, 91, 93, 123, 125];
const BACKSLASH = 92;

/** @returns where a JSON string ends that begins there; the text's end where it does not */
function endOfString(text: string, start: number): number {
  for (let end = text.indexOf('"', start + 1); end >= 0; end = text.indexOf('"', end + 1)) {
    let slashes = 0;
    while (text.charCodeAt(end - 1 - slashes) === BACKSLASH) slashes += 1;
    if (slashes % 2 === 0) return end;
  }
  return text.length;
}

/** How often a character is there; no further than matters. */
function count(text: string, character: string): number {
  let found = 0;
  for (let at = text.indexOf(character); at >= 0 && found <= DEEPEST; at = text.indexOf(character, at + 1)) found += 1;
  return found;
}
