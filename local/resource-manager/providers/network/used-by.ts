import type { Arm } from "../../arm/arm";
import { badRequest } from "../../arm/fault";
import { sameId } from "../../arm/resource-id";
import type { RemovalRule } from "../../arm/resource-type";

/** A resource that is referred to cannot be deleted: the resource that refers to it is deleted first. */
export function unlessUsedBy(code: string, ...types: readonly string[]): RemovalRule {
  return ({ arm, document }) => {
    const user = userOf(arm, document.id, types);
    if (user === undefined) return;
    throw badRequest(code, `Resource ${document.id} cannot be deleted because it is in use by: ${user}.`);
  };
}

function userOf(arm: Arm, id: string, types: readonly string[]): string | undefined {
  const reference = `"${id.toLowerCase()}"`;
  const users = types.flatMap((type) => arm.all(type));
  return users.find((user) => !sameId(user.id, id) && JSON.stringify(user).toLowerCase().includes(reference))?.id;
}
