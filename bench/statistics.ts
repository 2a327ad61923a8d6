/** The middle of some values: the higher of the two where their number is even. */
export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

/** The value below which a share of all values is, from 0 to 1. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((one, other) => one - other);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

/**
 * Runs cases in turn, round after round, so that a machine that slows down slows all of them. The first round warms caches, and is not counted.
 *
 * @returns what each case returned, by round
 */
export async function inTurn<Name extends string, Result>(
  cases: Record<Name, () => Result | Promise<Result>>,
  rounds: number,
): Promise<Record<Name, Result[]>> {
  const names = Object.keys(cases) as Name[];
  const taken = Object.fromEntries(names.map((name) => [name, [] as Result[]])) as unknown as Record<Name, Result[]>;
  for (let round = 0; round <= rounds; round += 1) {
    for (const name of names) {
      const result = await cases[name]();
      if (round > 0) taken[name].push(result);
    }
  }
  return taken;
}

/** How a table says whether a goal is met. @param holds none: there is no goal */
export function verdict(holds: boolean | undefined): string {
  if (holds === undefined) return "";
  return holds ? "met" : "NOT met";
}
