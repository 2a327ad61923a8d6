import { closest, distance } from "fastest-levenshtein";

/** More than a third of a word wrong is another word. */
const LARGEST_PART = 1 / 3;

/** The candidate that a misspelt word most likely means; nothing where none is near. */
export function nearest(word: string, candidates: readonly string[]): string | undefined {
  if (candidates.length === 0) return undefined;
  const plain = word.toLowerCase();
  const byPlain = new Map(candidates.map((candidate) => [candidate.toLowerCase(), candidate]));
  const found = closest(plain, [...byPlain.keys()]);
  const most = Math.max(1, Math.floor(Math.max(plain.length, found.length) * LARGEST_PART));
  return distance(plain, found) <= most ? byPlain.get(found) : undefined;
}
