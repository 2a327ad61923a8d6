import { armId } from "../../synthesized/arm-id";
import { all, comesAfter, type Located, placeOf, referred, stacksBefore, textOf } from "../../synthesized/resources";
import type { Rule } from "../rule";

const SENDER = "Azure Service Bus Data Sender";
const RECEIVER = "Azure Service Bus Data Receiver";

/** Who sends may send to both namespaces; each app has its roles before it starts. */
export const rolesOnEveryNamespace: Rule = {
  name: "roles-on-every-namespace",
  why: "Role assignments are not replicated: a producer with a role on the primary alone is refused after the failover.",
  check: (stacks) => {
    const namespaces = all(stacks, "azurerm_servicebus_namespace");
    const roles = all(stacks, "azurerm_role_assignment");
    const senders = new Map(
      roles
        .filter(({ block }) => block.role_definition_name === SENDER && !isEntity(block.scope))
        .map((role) => [`${role.stack.name} ${String(role.block.principal_id)}`, role]),
    );
    const missing = [...senders.values()].flatMap((sender) => {
      const before = stacksBefore(stacks, sender.stack.name);
      const mine = roles.filter(
        ({ stack, block }) =>
          stack === sender.stack &&
          block.principal_id === sender.block.principal_id &&
          block.role_definition_name === SENDER,
      );
      return namespaces
        .filter(({ stack }) => before.has(stack.name))
        .filter((namespace) => !mine.some(({ block }) => String(block.scope).toLowerCase() === armId(namespace)))
        .map((namespace) => `${placeOf(sender)}: the same identity may not send to ${String(namespace.block.name)}`);
    });
    const onEntities = roles.filter(({ block }) => block.role_definition_name === SENDER && isEntity(block.scope));
    // Those that are no identity of a stack's own send to the alias, and have their roles in the stack of the pairing.
    const oneSided = onEntities
      .filter((role) => referred(role, role.block.principal_id) === undefined)
      .flatMap((role) => {
        const paired = all([role.stack], "azurerm_servicebus_namespace_disaster_recovery_config").length > 0;
        const before = stacksBefore(stacks, role.stack.name);
        const entity = entityPath(role.block.scope);
        return namespaces
          .filter(({ stack }) => paired && before.has(stack.name))
          .filter(
            (namespace) =>
              !onEntities.some(
                ({ block }) =>
                  block.principal_id === role.block.principal_id &&
                  String(block.scope).toLowerCase() === `${armId(namespace)}${entity}`,
              ),
          )
          .map(
            (namespace) =>
              `${placeOf(role)}: the same identity may not send to ${entity.slice(1)} of ${String(namespace.block.name)}`,
          );
      });
    const apps = all(stacks, "azurerm_windows_function_app");
    const rolesOf = (app: Located) => {
      const identity = referred(
        app,
        (app.block.identity as { identity_ids?: string[] } | undefined)?.identity_ids?.[0],
      );
      return roles.filter(
        (role) => role.stack === app.stack && referred(role, role.block.principal_id)?.id === identity?.id,
      );
    };
    const early = apps.flatMap((app) => {
      const before = comesAfter(app);
      return rolesOf(app)
        .filter(({ type, id }) => !before.has(`${type}.${id}`))
        .map((role) => `${placeOf(app)} does not wait for ${role.id}`);
    });
    const idle = apps
      .filter(
        (app) =>
          !rolesOf(app).some((role) => isServiceBus(role.block.role_definition_name) && !isEntity(role.block.scope)),
      )
      .map((app) => `${placeOf(app)} (${textOf(app, "name")}) has no role on Service Bus`);
    return [...missing, ...oneSided, ...early, ...idle];
  },
};

/** `/queues/queue1`, in lower case. */
function entityPath(scope: unknown): string {
  return /\/namespaces\/[^/]+(\/(?:queues|topics)\/.+)$/.exec(String(scope).toLowerCase())?.[1] ?? "";
}

function isEntity(scope: unknown): boolean {
  return entityPath(scope) !== "";
}

function isServiceBus(role: unknown): boolean {
  return role === SENDER || role === RECEIVER;
}
