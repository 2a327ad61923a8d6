import type { SynthesizedStack } from "../../../synthesized/cdktf-out";
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

/** The first resource of the stacks that a message names as `placeOf` writes it; none: it names no such resource. */
export function originNamed(stacks: readonly SynthesizedStack[], message: string): Origin | undefined {
  for (const [resource, name, type = "", id = ""] of message.matchAll(/([a-z0-9-]+): ([a-z]\w*)\.([\w-]+)/g)) {
    const stack = stacks.find((each) => each.name === name);
    if (stack?.json.resource?.[type]?.[id] !== undefined)
      return { resource, file: stack.file, keys: ["resource", type, id] };
  }
  return undefined;
}
