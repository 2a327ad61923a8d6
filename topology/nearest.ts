import { distance } from "fastest-levenshtein";

/** More than a third of a word wrong is another word; letters or parts in another order are the same one. */
const LARGEST_PART = 1 / 3;

/** The candidate that a misspelt word most likely means, of equally near ones the longest; nothing where none is near. */
export function nearest(word: string, candidates: readonly string[]): string | undefined {
  const plain = word.toLowerCase();
  const [best] = candidates
    .map((candidate) => ({ candidate, wrong: wrongIn(plain, candidate.toLowerCase()) }))
    .sort((a, b) => a.wrong - b.wrong || b.candidate.length - a.candidate.length);
  if (!best) return undefined;
  const most = Math.max(1, Math.floor(Math.max(plain.length, best.candidate.length) * LARGEST_PART));
  return best.wrong <= most ? best.candidate : undefined;
}

function wrongIn(word: string, candidate: string): number {
  const reordered = word !== candidate && sorted(word) === sorted(candidate);
  return reordered ? 1 : distance(word, candidate);
}

function sorted(word: string): string {
  return Array.from(word).sort().join("");
}
