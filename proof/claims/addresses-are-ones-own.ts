import { RESERVED_AT_START } from "../../azure-facts/addresses";
import type { GeneralClaim } from "../claim";
import { addressesOf } from "../packets/addresses";
import { usable } from "../reach/place";

/** Each static address is one address, in its subnet, beyond those that Azure keeps, and nothing else has it. */
export const addressesAreOnesOwn: GeneralClaim = {
  name: "addresses-are-ones-own",
  why: `Azure refuses an address that is outside the subnet, that it keeps for itself (the first ${RESERVED_AT_START} and the last), or that is taken.`,
  needs: "stacks",
  check: ({ model, reach }) => {
    const holders = [...model.endpoints, ...model.interfaces];
    return holders.flatMap((holder) => {
      const { name, address, subnetId, origin } = holder;
      const says = (what: string) => [{ what: `${name} has ${address}, ${what}`, origin }];
      if (address.includes("/")) return says("which is a block and no address");
      const subnet = reach.lookup.subnet(subnetId);
      if (!addressesOf(address).isWithin(usable(subnet))) return says(`which hosts of ${subnet.name} cannot have`);
      const other = holders.find(
        (each) =>
          each !== holder &&
          each.address === address &&
          reach.lookup.subnet(each.subnetId).networkId === subnet.networkId,
      );
      return other ? says(`and so has ${other.name}`) : [];
    });
  },
};
