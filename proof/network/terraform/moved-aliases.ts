import { ROLES } from "../../../azure-facts/built-in-roles";
import { SERVICE_BUS_SUFFIX } from "../../../azure-facts/private-link";
import type { SynthesizedStack } from "../../../synthesized/cdktf-out";
import { all } from "../../../synthesized/resources";
import { idIn, partOf } from "../../../synthesized/views/attributes";
import { recoveredPrimariesIn } from "../../../synthesized/views/recovery";
import type { Alias, App, Role, Service } from "../model";

/**
 * The aliases that a failover moved. After one no stack declares the pairing, and apps still send to the alias: it leads to the namespace that they may send to and
 * on which no stack declares entities. In the recovery from it, entities are declared where the alias leads.
 */
export function movedAliasesIn(
  stacks: readonly SynthesizedStack[],
  {
    apps,
    roles,
    services,
    aliases,
  }: Readonly<{
    apps: readonly App[];
    roles: readonly Role[];
    services: readonly Service[];
    aliases: readonly Alias[];
  }>,
): Alias[] {
  const withEntities = new Set(
    all(stacks, "azurerm_servicebus_queue", "azurerm_servicebus_topic").map((entity) =>
      idIn(partOf(entity), "namespace_id"),
    ),
  );
  const recovered = recoveredPrimariesIn(stacks);
  const isAliased = (id: string) => (recovered.size > 0 ? recovered.has(id) : !withEntities.has(id));
  const known = new Set([...services, ...aliases].map(({ name }) => name.toLowerCase()));
  const moved = apps.flatMap(({ settings, identityIds, origin }) => {
    const names = Object.entries(settings)
      .filter(([key, host]) => key.endsWith("__fullyQualifiedNamespace") && host.endsWith(`.${SERVICE_BUS_SUFFIX}`))
      .map(([, host]) => host.slice(0, -SERVICE_BUS_SUFFIX.length - 1).toLowerCase())
      .filter((name) => !known.has(name));
    const sendsTo = roles
      .filter(({ principal, name }) => identityIds.includes(principal) && name === ROLES.serviceBusSender.name)
      .map(({ scope }) => scope);
    const target = services.find(({ id, kind }) => kind === "serviceBus" && sendsTo.includes(id) && isAliased(id));
    return target
      ? names.map((name) => ({ id: `${target.id}/aliases/${name}`, name, origin, primaryId: target.id }))
      : [];
  });
  return [...new Map(moved.map((alias) => [alias.name, alias])).values()];
}
