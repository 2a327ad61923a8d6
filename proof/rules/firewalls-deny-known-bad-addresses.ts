import { all, placeOf } from "../../synthesized/resources";
import { optionalText, partOf } from "../../synthesized/views/attributes";
import type { ProofRule } from "../proof-rule";

/** Threat intelligence of a firewall is its policy's: azurerm's default is Alert. */
export const firewallsDenyKnownBadAddresses: ProofRule = {
  name: "firewalls-deny-known-bad-addresses",
  why: "The firewall lets connections with addresses and names that Microsoft knows as malicious pass, or writes them to a log only.",
  check: (stacks) =>
    all(stacks, "azurerm_firewall_policy").flatMap((policy) => {
      const mode = optionalText(partOf(policy), "threat_intelligence_mode") ?? "Alert";
      return mode === "Deny" ? [] : [`${placeOf(policy)} has threat_intelligence_mode ${mode}, not Deny`];
    }),
};
