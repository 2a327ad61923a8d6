import type { SynthesizedStack } from "../cdktf-out";
import { all, type Located } from "../resources";
import { number, optionalText, type Part, partOf, partsIn, someTexts, text, texts } from "./attributes";

/** A rule of a firewall policy's rule collection group. */
export interface FirewallRule {
  /** The rule collection group. */
  readonly resource: Located;
  readonly kind: "application" | "network" | "nat";
  readonly collection: string;
  readonly priority: number;
  /** Allow, Deny or Dnat. */
  readonly action: string;
  readonly name: string;
  readonly sources: readonly string[];
  /** Host names; empty in a network rule. */
  readonly hosts: readonly string[];
  /** CIDR blocks and addresses; empty in an application rule. */
  readonly addresses: readonly string[];
  readonly ports: readonly string[];
}

const KINDS = ["application", "network", "nat"] as const;

export function firewallRulesIn(stacks: readonly SynthesizedStack[]): FirewallRule[] {
  return all(stacks, "azurerm_firewall_policy_rule_collection_group").flatMap((resource) =>
    KINDS.flatMap((kind) =>
      partsIn(partOf(resource), `${kind}_rule_collection`).flatMap((collection) =>
        partsIn(collection, "rule").map((rule) => {
          refuseUnread(rule);
          return {
            resource,
            kind,
            collection: text(collection, "name"),
            priority: number(collection, "priority"),
            action: text(collection, "action"),
            name: text(rule, "name"),
            sources: someTexts(rule, "source_addresses"),
            hosts: texts(rule, "destination_fqdns"),
            addresses: [...texts(rule, "destination_addresses"), ...one(optionalText(rule, "destination_address"))],
            ports: portsOf(rule, kind),
          };
        }),
      ),
    ),
  );
}

/** What a rule may name its ends by, and what nothing here reads. */
const UNREAD = [
  "source_ip_groups",
  "destination_ip_groups",
  "destination_fqdn_tags",
  "destination_urls",
  "web_categories",
  "translated_fqdn",
];

/** @throws Error where a rule names its ends in another way: what it allows would be missing here */
export function refuseUnread(rule: Part): void {
  for (const key of UNREAD) {
    if (texts(rule, key).length > 0) throw new Error(`${rule.path}.${key} is not modelled.`);
  }
}

function portsOf(rule: Part, kind: (typeof KINDS)[number]): string[] {
  if (kind !== "application") return texts(rule, "destination_ports");
  return partsIn(rule, "protocols").map((protocol) => String(number(protocol, "port")));
}

function one(value: string | undefined): string[] {
  return value === undefined ? [] : [value];
}
