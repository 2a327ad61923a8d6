import { all, placeOf } from "../../synthesized/resources";
import { flag, optionalText, type Part, partOf } from "../../synthesized/views/attributes";
import type { ProofRule } from "../proof-rule";

export const machinesTakeNoPasswords: ProofRule = {
  name: "machines-take-no-passwords",
  why: "A password can be guessed, and it is in the state.",
  check: (stacks) =>
    all(stacks, "azurerm_linux_virtual_machine")
      .map((machine) => ({ machine, part: partOf(machine) }))
      .filter(
        ({ part }) =>
          !flag(part, "disable_password_authentication", true) ||
          optionalText(part, "admin_password") !== undefined ||
          PASSWORD.test(cloudInitOf(part)),
      )
      .map(({ machine }) => `${placeOf(machine)} accepts a password`),
};

/** What of cloud-init gives a user a password, or lets one be used. */
const PASSWORD = /chpasswd|ssh_pwauth["']?\s*:\s*(true|yes|1)|(plain_text_)?passwd["']?\s*:/i;

function cloudInitOf(machine: Part): string {
  const { custom_data: data } = machine.block;
  return typeof data === "string" ? Buffer.from(data, "base64").toString() : "";
}
