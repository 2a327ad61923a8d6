export { sameId } from "../../../azure-facts/arm-ids";
/** What a path of Resource Manager's names. */
export interface ArmPath {
  /** `Microsoft.Network/virtualNetworks/subnets`, in the caller's case. */
  readonly type: string;
  /** The path of the resource, or of what the collection or action belongs to. */
  readonly id: string;
  readonly name: string;
  /** The resource around it, its group, or the resource that it extends. */
  readonly parent: string;
  /** What follows the resource: a collection of children for GET, an action for POST. */
  readonly trailing?: string;
  readonly subscription: string;
  readonly group?: string;
}

/**
 * Takes a path of Resource Manager's apart: scopes, namespaces, types and names take turns.
 *
 * @returns nothing where it is none
 */
export function parsePath(path: string): ArmPath | undefined {
  const segments = path.split("/").filter((segment) => segment !== "");
  const [subscriptions, subscription] = segments;
  if (subscriptions?.toLowerCase() !== "subscriptions" || subscription === undefined) return undefined;
  const at = segments.map((segment) => segment.toLowerCase()).lastIndexOf("providers");
  const [groups, group] = segments[2]?.toLowerCase() === "resourcegroups" ? segments.slice(2, 4) : [];
  const place = { subscription, ...(group === undefined ? {} : { group }) };
  if (at < 0) {
    const isGroup = groups !== undefined && group !== undefined;
    const id = `/${segments.slice(0, isGroup ? 4 : 2).join("/")}`;
    const trailing = isGroup ? segments[4] : segments[2];
    return {
      type: isGroup ? "Microsoft.Resources/resourceGroups" : "Microsoft.Resources/subscriptions",
      id,
      name: isGroup ? group : subscription,
      parent: `/subscriptions/${subscription}`,
      ...(trailing === undefined ? {} : { trailing }),
      ...place,
    };
  }
  const scope = `/${segments.slice(0, at).join("/")}`;
  const [namespace = "", ...rest] = segments.slice(at + 1);
  const trailing = rest.length % 2 === 1 ? rest.pop() : undefined;
  const types = rest.filter((_segment, index) => index % 2 === 0);
  const names = rest.filter((_segment, index) => index % 2 === 1);
  const pairs = (count: number) => types.slice(0, count).map((type, index) => `${type}/${names[index] ?? ""}`);
  const idOf = (count: number) =>
    count === 0 ? scope : `${scope}/providers/${[namespace, ...pairs(count)].join("/")}`;
  return {
    type: [namespace, ...types].join("/"),
    id: idOf(types.length),
    name: names.at(-1) ?? "",
    parent: idOf(types.length - 1),
    ...(trailing === undefined ? {} : { trailing }),
    ...place,
  };
}

/** A resource's id below another's, or above it: ids ignore case. */
export function isWithin(id: string, scope: string): boolean {
  return `${id.toLowerCase()}/`.startsWith(`${scope.toLowerCase()}/`);
}
