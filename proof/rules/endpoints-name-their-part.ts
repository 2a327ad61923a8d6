import { PRIVATE_LINK } from "../../azure-facts/private-link";
import { all, placeOf } from "../../synthesized/resources";
import { onlyText, optionalText, partIn, partOf, partsIn } from "../../synthesized/views/attributes";
import type { ProofRule } from "../proof-rule";

/** A static address is for one member of one part, by the names that Private Link has for them. */
export const endpointsNameTheirPart: ProofRule = {
  name: "endpoints-name-their-part",
  why: "Azure refuses an endpoint whose address is for another part, or another member, than the endpoint leads to.",
  check: (stacks) =>
    all(stacks, "azurerm_private_endpoint").flatMap((resource) => {
      const endpoint = partOf(resource);
      const part = onlyText(partIn(endpoint, "private_service_connection"), "subresource_names");
      const member = Object.values(PRIVATE_LINK).find(({ subresource }) => subresource === part)?.member ?? part;
      return partsIn(endpoint, "ip_configuration").flatMap((configuration) => {
        const named = optionalText(configuration, "subresource_name") ?? part;
        const got = optionalText(configuration, "member_name") ?? member;
        return [
          ...(named === part ? [] : [`${placeOf(resource)} has an address for ${named}, and leads to ${part}`]),
          ...(got === member
            ? []
            : [`${placeOf(resource)} has an address for the member ${got}, and should for ${member}`]),
        ];
      });
    }),
};
