/** Where an item of the model was read: what a trace shows as its line. */
export interface Origin {
  /** How a person finds it: `network-eastus2: azurerm_subnet.workload-subnet`, or an ARM id. */
  readonly resource: string;
  /** The file that it was read from. @default it was read from no file */
  readonly file?: string;
  /** The keys that lead to it in the file. */
  readonly keys: readonly (string | number)[];
}

/** A part of what was read there. */
export function within(origin: Origin, ...keys: readonly (string | number)[]): Origin {
  return { ...origin, keys: [...origin.keys, ...keys] };
}

/** What Azure does by itself has no place in a file. */
export function builtInOrigin(what: string): Origin {
  return { resource: what, keys: [] };
}
