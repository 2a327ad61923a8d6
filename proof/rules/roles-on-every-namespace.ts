import { ROLES } from "../../azure-facts/built-in-roles";
import { armId } from "../../synthesized/arm-id";
import { comesAfter, stacksBefore } from "../../synthesized/order";
import { all, isSame, placeOf, textOf } from "../../synthesized/resources";
import { type App, appsIn } from "../../synthesized/views/app";
import { type Role, rolesIn } from "../../synthesized/views/role";
import type { ProofRule } from "../proof-rule";

const SENDER = ROLES.serviceBusSender.name;
const RECEIVER = ROLES.serviceBusReceiver.name;

/** Each sender may send to both namespaces; each app has its roles before it starts. */
export const rolesOnEveryNamespace: ProofRule = {
  name: "roles-on-every-namespace",
  why: "Role assignments are not replicated: a producer with a role on the primary alone is refused after the failover.",
  check: (stacks) => {
    const namespaces = all(stacks, "azurerm_servicebus_namespace");
    const roles = rolesIn(stacks);
    const senders = roles.filter(({ name }) => name === SENDER);
    const onNamespaces = senders.filter(({ scope }) => !isEntity(scope));
    const onEntities = senders.filter(({ scope }) => isEntity(scope));
    const missing = firstOfEach(onNamespaces).flatMap((sender) => {
      const before = stacksBefore(stacks, sender.resource.stack.name);
      const scopes = senders.filter((role) => isSameHolder(role, sender)).map(({ scope }) => scope);
      return namespaces
        .filter(({ stack }) => before.has(stack.name))
        .filter((namespace) => !scopes.includes(armId(namespace)))
        .map(
          (namespace) => `${placeOf(sender.resource)}: the same identity may not send to ${textOf(namespace, "name")}`,
        );
    });
    // Principals that the topology names send to the alias, and have their roles in the stack of the pairing.
    const oneSided = onEntities
      .filter(({ identity }) => !identity)
      .flatMap(({ resource, principal, scope }) => {
        const paired = all([resource.stack], "azurerm_servicebus_namespace_disaster_recovery_config").length > 0;
        const before = stacksBefore(stacks, resource.stack.name);
        const entity = entityPath(scope);
        return namespaces
          .filter(({ stack }) => paired && before.has(stack.name))
          .filter(
            (namespace) =>
              !onEntities.some(
                (other) => other.principal === principal && other.scope === `${armId(namespace)}${entity}`,
              ),
          )
          .map(
            (namespace) =>
              `${placeOf(resource)}: the same identity may not send to ${entity.slice(1)} of ${textOf(namespace, "name")}`,
          );
      });
    const apps = appsIn(stacks).map((app) => ({ app, own: rolesOf(app, roles) }));
    const early = apps.flatMap(({ app: { resource }, own }) => {
      const before = comesAfter(resource);
      return own
        .filter((role) => !before.has(role.resource.address))
        .map((role) => `${placeOf(resource)} does not wait for ${role.resource.id}`);
    });
    const idle = apps
      .filter(({ own }) => !own.some(({ name, scope }) => name === RECEIVER || (name === SENDER && !isEntity(scope))))
      .map(({ app }) => `${placeOf(app.resource)} (${app.name}) has no role on Service Bus`);
    return [...missing, ...oneSided, ...early, ...idle];
  },
};

function rolesOf({ resource, identities }: App, roles: readonly Role[]): Role[] {
  return roles.filter(
    (role) => role.resource.stack === resource.stack && identities.some((identity) => isSame(identity, role.identity)),
  );
}

function isSameHolder(one: Role, other: Role): boolean {
  return one.resource.stack === other.resource.stack && one.principal === other.principal;
}

/** One role for each stack and principal. */
function firstOfEach(roles: readonly Role[]): Role[] {
  return roles.filter((role, index) => roles.findIndex((other) => isSameHolder(role, other)) === index);
}

/** `/queues/queue1`, in lower case; empty where the scope is no entity. */
function entityPath(scope: string): string {
  return /\/namespaces\/[^/]+(\/(?:queues|topics)\/.+)$/.exec(scope)?.[1] ?? "";
}

function isEntity(scope: string): boolean {
  return entityPath(scope) !== "";
}
