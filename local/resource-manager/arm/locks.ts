import { propertiesOf } from "../../azure/document";
import type { Arm } from "./arm";
import { conflict } from "./fault";
import { isWithin } from "./resource-id";

const LOCKS = "Microsoft.Authorization/locks";

/**
 * A lock applies to its scope and everything below
 * (learn.microsoft.com/azure/azure-resource-manager/management/lock-resources). Locks themselves can be removed.
 */
export function refuseLocked(arm: Arm, id: string, operation: "write" | "delete"): void {
  if (/\/providers\/Microsoft\.Authorization\/locks\//i.test(id)) return;
  const locks = arm.azure.documents.all().filter(({ type }) => type === LOCKS);
  for (const lock of locks) {
    const scope = lock.id.slice(0, lock.id.toLowerCase().lastIndexOf("/providers/microsoft.authorization/"));
    const { level } = propertiesOf(lock);
    if (!isWithin(id, scope) || (operation === "write" && level !== "ReadOnly")) continue;
    throw conflict(
      "ScopeLocked",
      `The scope '${id}' cannot perform ${operation} operation because following scope(s) are locked: '${scope}'. Please remove the lock and try again.`,
    );
  }
}
