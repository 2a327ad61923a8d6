import { placeholderFor } from "../../../synthesized/computed";
import { placeOf, referred } from "../../../synthesized/resources";
import { optionalText, type Part } from "../../../synthesized/views/attributes";

/** The public address of an IP configuration, where it has one. */
export function publicAddressIn(configuration: Part): { readonly publicAddress?: string } {
  const id = configuration.block.public_ip_address_id ?? undefined;
  if (id === undefined) return {};
  const address = referred(configuration.of, id);
  return {
    publicAddress: placeholderFor(
      address ? placeOf(address) : (optionalText(configuration, "public_ip_address_id") ?? ""),
    ),
  };
}
