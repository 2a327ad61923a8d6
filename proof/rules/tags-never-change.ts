import { all, placeOf } from "../../synthesized/resources";
import type { ProofRule } from "../proof-rule";

export const tagsNeverChange: ProofRule = {
  name: "tags-never-change",
  why: "Azure refuses every change of a paired secondary, its tags included: a tag that changes at each apply breaks the next one.",
  check: (stacks) =>
    all(stacks, "azurerm_servicebus_namespace").flatMap((namespace) =>
      Object.entries((namespace.block.tags ?? {}) as Record<string, unknown>)
        .filter(([, value]) => String(value).includes("${"))
        .map(
          ([tag, value]) => `${placeOf(namespace)} has the tag ${tag} = ${String(value)}, which is computed at apply`,
        ),
    ),
};
