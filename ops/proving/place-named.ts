import { UsageError } from "../../failure";
import { numberOf } from "../../proof/packets/addresses";
import { Intervals } from "../../proof/packets/intervals";
import { partOf, type Place } from "../../proof/reach/place";
import type { Reach } from "../../proof/reach/reach";

/**
 * The place of a name, of a part of it that no other place has, or of an address.
 *
 * @param option how a message names where the name comes from
 * @throws UsageError where there is none, or more than one
 */
export function placeNamed(reach: Reach, name: string, option: string): Place {
  const { places } = reach;
  const exact = places.find((place) => place.name === name);
  if (exact) return exact;
  if (/^\d+\.\d+\.\d+\.\d+$/.test(name)) return placeAt(reach, name, option);
  const close = places.filter((place) => place.name.toLowerCase().includes(name.toLowerCase()));
  const [only, another] = close;
  if (only && !another) return only;
  const listed = (close.length > 0 ? close : places).map((place) => `  ${place.name}`).join("\n");
  const what = close.length > 0 ? "is a part of several names" : "is no place";
  throw new UsageError(
    `${option}: "${name}" ${what}. ${close.length > 0 ? "Name one of them" : "The places are"}:\n${listed}`,
  );
}

function placeAt(reach: Reach, address: string, option: string): Place {
  const number = numberOf(address);
  const found = reach.places.filter(({ addresses, kind }) => addresses.has(number) && kind !== "beyond");
  const [only] = found;
  if (!only) throw new UsageError(`${option}: no host of the stacks can have the address ${address}.`);
  if (found.length > 1) {
    const listed = found.map(({ name }) => `  ${name}`).join("\n");
    throw new UsageError(`${option}: ${address} may be in several places. Name one of them:\n${listed}`);
  }
  return partOf(only, Intervals.of(number), `${only.name} at ${address}`);
}
