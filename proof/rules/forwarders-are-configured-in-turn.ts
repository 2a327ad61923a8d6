import { comesAfter } from "../../synthesized/order";
import { all, placeOf } from "../../synthesized/resources";
import type { ProofRule } from "../proof-rule";

export const forwardersAreConfiguredInTurn: ProofRule = {
  name: "forwarders-are-configured-in-turn",
  why: "BIND restarts on a new configuration: of two that restart at once none answers.",
  check: (stacks) =>
    stacks.flatMap((stack) => {
      const commands = all([stack], "azurerm_virtual_machine_run_command");
      return commands.flatMap((one, index) =>
        commands
          .slice(index + 1)
          .filter((other) => !comesAfter(one).has(other.address) && !comesAfter(other).has(one.address))
          .map((other) => `${placeOf(one)} and ${other.address} do not wait for each other`),
      );
    }),
};
