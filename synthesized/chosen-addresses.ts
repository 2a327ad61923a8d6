import { usableAddress } from "../topology/cidr";
import { armId } from "./arm-id";
import type { SynthesizedStack } from "./cdktf-out";
import { all } from "./resources";
import { idIn, optionalText, type Part, partOf, partsIn } from "./views/attributes";
import { subnetsIn } from "./views/subnet";

/** What has an address in a subnet: an interface's configuration, or an endpoint. */
interface Holder {
  readonly key: string;
  readonly part: Part;
  readonly subnetId: string;
  /** The one that it asks for. @default Azure chooses */
  readonly asked?: string | undefined;
}

/** An address in place of the one that Azure chooses, for each interface and endpoint that asks for none. */
export class ChosenAddresses {
  /** What addresses are chosen for, and which. */
  readonly holders: readonly (Holder & { readonly address: string })[];

  /** Azure takes the next address of the subnet that is free; of several holders, the stacks' order decides here. */
  constructor(stacks: readonly SynthesizedStack[]) {
    const prefixes = new Map(subnetsIn(stacks).map((subnet) => [subnet.id, subnet.prefixes[0]]));
    const all = holdersIn(stacks);
    const taken = new Set(all.flatMap(({ asked }) => asked ?? []));
    this.holders = all
      .filter(({ asked }) => asked === undefined)
      .map((holder) => {
        const prefix = prefixes.get(holder.subnetId);
        if (prefix === undefined)
          throw new Error(`${holder.part.path} is in the subnet ${holder.subnetId}, which no stack has.`);
        const address = nextOf(prefix, taken);
        taken.add(address);
        return { ...holder, address };
      });
  }

  /** @param index of the interface's configuration. @default the first */
  of(id: string, index = 0): string {
    const holder = this.holders.find(({ key }) => key === keyOf(id, index));
    if (!holder) throw new Error(`No address was chosen for ${id}.`);
    return holder.address;
  }
}

function nextOf(prefix: string, taken: ReadonlySet<string>): string {
  let next = 0;
  while (taken.has(usableAddress(prefix, next))) next += 1;
  return usableAddress(prefix, next);
}

function keyOf(id: string, index: number): string {
  return `${id}#${index}`;
}

function holdersIn(stacks: readonly SynthesizedStack[]): Holder[] {
  return [
    ...all(stacks, "azurerm_private_endpoint").map((resource) => {
      const part = partOf(resource);
      const [configuration] = partsIn(part, "ip_configuration");
      const asked = configuration && optionalText(configuration, "private_ip_address");
      return { key: keyOf(armId(resource), 0), part, subnetId: idIn(part, "subnet_id"), asked };
    }),
    ...all(stacks, "azurerm_network_interface").flatMap((resource) =>
      partsIn(partOf(resource), "ip_configuration").map((part, index) => ({
        key: keyOf(armId(resource), index),
        part,
        subnetId: idIn(part, "subnet_id"),
        asked: optionalText(part, "private_ip_address"),
      })),
    ),
  ];
}
