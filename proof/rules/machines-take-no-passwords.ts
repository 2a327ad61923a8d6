import { all, placeOf } from "../../synthesized/resources";
import { flag, optionalText, partOf } from "../../synthesized/views/attributes";
import type { ProofRule } from "../proof-rule";

export const machinesTakeNoPasswords: ProofRule = {
  name: "machines-take-no-passwords",
  why: "A password can be guessed, and it is in the state.",
  check: (stacks) =>
    all(stacks, "azurerm_linux_virtual_machine")
      .map((machine) => ({ machine, part: partOf(machine) }))
      .filter(
        ({ part }) =>
          !flag(part, "disable_password_authentication", true) || optionalText(part, "admin_password") !== undefined,
      )
      .map(({ machine }) => `${placeOf(machine)} accepts a password`),
};
