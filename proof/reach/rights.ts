import { roleAllows } from "../../azure-facts/built-in-roles";
import type { Service } from "../network/model";
import type { Step, Target } from "./flight";
import type { Place } from "./place";
import type { Reach } from "./reach";

/**
 * What an app may do with the service at the end of its way, by its roles there and above. Service Bus and storage accept identities by role; a site checks its callers by itself.
 *
 * @returns nothing where the place has no identity, or the service reads no role
 */
export function rightOf({ model, lookup }: Reach, { app }: Place, target: Target | undefined): Step | undefined {
  const service = serviceAt(target, (id) => lookup.service(id));
  if (!app || (service?.kind !== "serviceBus" && service?.kind !== "storage")) return undefined;
  const held = model.roles.filter(
    ({ principal, scope }) =>
      app.identityIds.includes(principal) && (isAtOrBelow(scope, service.id) || isAtOrBelow(service.id, scope)),
  );
  const [first] = held;
  if (!first)
    return {
      stage: "role",
      by: `no role of ${app.name}`,
      why: `${service.name} refuses the app's identity: it is connected, and not authorized`,
      origin: app.origin,
    };
  const uses = (["send", "receive"] as const).filter((action) => held.some(({ name }) => roleAllows(name, action)));
  const may = service.kind === "serviceBus" && uses.length > 0 ? `, so it may ${uses.join(" and ")}` : "";
  return {
    stage: "role",
    by: [...new Set(held.map(({ name }) => name))].join(", "),
    why: `the identity of ${app.name} has ${held.length === 1 ? "this role" : "these roles"} on ${service.name}${may}`,
    origin: first.origin,
  };
}

function serviceAt(target: Target | undefined, find: (id: string) => Service | undefined): Service | undefined {
  if (target?.kind === "service") return target.service;
  return target?.kind === "endpoint" ? find(target.endpoint.targetId) : undefined;
}

function isAtOrBelow(scope: string, id: string): boolean {
  return scope === id || scope.startsWith(`${id}/`);
}
