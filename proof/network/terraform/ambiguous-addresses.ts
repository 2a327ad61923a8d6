import { ChosenAddresses } from "../../../synthesized/chosen-addresses";
import type { SynthesizedStack } from "../../../synthesized/cdktf-out";
import { placeOf } from "../../../synthesized/resources";
import { addressesOf, allOf } from "../../packets/addresses";
import type { Intervals } from "../../packets/intervals";
import type { Model, Unmodelled } from "../model";
import { originOf } from "./origins";

type Parts = Pick<Model, "subnets" | "interfaces" | "endpoints" | "securityGroups" | "routeTables" | "firewalls">;

/**
 * Interfaces and endpoints of which Azure chooses the address, in a subnet of which a rule or a route names some addresses and not others: which of them it is decides what passes, and is known
 * after the deployment only.
 */
export function ambiguousAddresses(stacks: readonly SynthesizedStack[], model: Parts): Unmodelled[] {
  const { holders } = new ChosenAddresses(stacks);
  if (holders.length === 0) return [];
  const blocks = blocksIn(model);
  const chosen = new Set(holders.map(({ address }) => address));
  const asked = allOf(
    [...model.interfaces, ...model.endpoints].map(({ address }) => address).filter((address) => !chosen.has(address)),
  );
  return holders.flatMap(({ part, subnetId }) => {
    const subnet = model.subnets.find(({ id }) => id === subnetId);
    if (!subnet) return [];
    const free = subnet.addresses.minus(asked);
    const isNamedInPart = blocks.some((block) => !block.and(free).isEmpty && !block.and(free).equals(free));
    if (!isNamedInPart) return [];
    const why = `Azure chooses its address, and rules tell addresses of ${subnet.name} apart: name the address`;
    return [{ resource: placeOf(part.of), type: part.of.type, why, origin: originOf(part) }];
  });
}

function blocksIn({ securityGroups, routeTables, firewalls }: Parts): Intervals[] {
  const prefixes = [
    ...securityGroups.flatMap(({ rules }) =>
      rules.flatMap(({ sources, destinations }) => [...sources, ...destinations]),
    ),
    ...routeTables.flatMap(({ routes }) => routes.map(({ prefix }) => prefix)),
  ];
  return [
    ...prefixes.filter((prefix) => /^\d/.test(prefix)).map(addressesOf),
    ...firewalls.flatMap(({ rules }) =>
      rules.flatMap(({ sources, destinations }) => [sources, ...(destinations ? [destinations] : [])]),
    ),
  ];
}
