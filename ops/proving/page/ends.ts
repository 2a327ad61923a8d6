import type { Reach } from "../../../proof/reach/reach";
import { destinationsOf } from "../../../proof/report/matrix";

/** What an item is called in the matrix: as a place, and as a destination. */
export interface Ends {
  readonly from?: string;
  readonly to?: string;
}

/** The items of a model that are an end of ways, by their ids. */
export function endsOf(reach: Reach): ReadonlyMap<string, Ends> {
  const ends = new Map<string, Ends>();
  const add = (id: string | undefined, more: Ends) => {
    if (id !== undefined) ends.set(id, { ...ends.get(id), ...more });
  };
  for (const { name, kind, machine, app, subnet, network, firewall } of reach.places)
    add((machine ?? app ?? subnet ?? network ?? firewall)?.id ?? kind, { from: name });
  for (const { itemId, name } of destinationsOf(reach)) add(itemId, { to: name });
  return ends;
}
