import type { RuleDefinition, SubscriptionDefinition } from "./messaging";

/** What a subscription has where no rule is declared: it lets everything through. */
export const DEFAULT_RULE: RuleDefinition = { name: "$Default", sqlFilter: "1=1" };

/** The rules of a subscription, with the default one where it has that. */
export function rulesIn({
  rules,
  lacksDefault = false,
}: Pick<SubscriptionDefinition, "rules" | "lacksDefault">): readonly RuleDefinition[] {
  return rules.length === 0 && !lacksDefault ? [DEFAULT_RULE] : rules;
}
