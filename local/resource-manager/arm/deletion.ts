import type { ArmDocument } from "../../azure/document";
import type { Arm } from "./arm";
import { ArmFault } from "./fault";
import type { ResourceType } from "./resource-type";

/**
 * Deletes what is in a group as Azure does: in whichever order the resources let each other go. What is used from outside stays, and so does the group.
 *
 * @throws ArmFault that of what stays
 */
export function emptyGroup(arm: Arm<ResourceType>, resources: readonly ArmDocument[]): void {
  let left = resources;
  for (;;) {
    const refused: { document: ArmDocument; fault: ArmFault }[] = [];
    for (const document of left) {
      try {
        for (const rule of arm.typeOf(document.type)?.removalRules ?? []) rule({ arm, document });
        remove(arm, document);
      } catch (error) {
        if (!(error instanceof ArmFault)) throw error;
        refused.push({ document, fault: error });
      }
    }
    const [first] = refused;
    if (!first) return;
    if (refused.length === left.length) throw first.fault;
    left = refused.map(({ document }) => document);
  }
}

/** Takes a resource away, with what followed from it. */
export function remove(arm: Arm<ResourceType>, document: ArmDocument): void {
  if (!arm.get(document.id)) return;
  arm.remove(document);
  arm.typeOf(document.type)?.removed?.(arm, document);
}
