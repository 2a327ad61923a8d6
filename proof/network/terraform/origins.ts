import { placeOf } from "../../../synthesized/resources";
import type { Part } from "../../../synthesized/views/attributes";
import type { Origin } from "../origin";

/** Where a part of a resource is in its stack's file. */
export function originOf({ of, keys }: Part): Origin {
  return {
    resource: placeOf(of),
    file: of.stack.file,
    keys: ["resource", of.type, of.id, ...keys],
  };
}
