import { comesAfter } from "../../synthesized/order";
import { all, placeOf } from "../../synthesized/resources";
import type { ProofRule } from "../proof-rule";

export const insightsComeAfterTheirActionGroup: ProofRule = {
  name: "insights-come-after-their-action-group",
  why: "Azure makes an action group of its own beside a component that has none yet, and a destroy then stops at its resource group.",
  check: (stacks) =>
    all(stacks, "azurerm_application_insights").flatMap((component) => {
      const before = comesAfter(component);
      return all([component.stack], "azurerm_monitor_action_group")
        .filter(({ address }) => !before.has(address))
        .map(({ address }) => `${placeOf(component)} does not wait for ${address}`);
    }),
};
