import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { validStacks } from "../../ops/terrain/valid-stacks";
import { build, stackNamed } from "../support/build";
import { edited } from "../support/edits";
import { rehearsalTest } from "../support/rehearsal";

rehearsalTest("a stack that azurerm does not take is named, with Terraform's words", async () => {
  const folder = mkdtempSync(join(tmpdir(), "valid-stacks-"));
  try {
    const wrong = edited(build(), ["messaging-eastus2", "azurerm_servicebus_namespace"], (namespace) => {
      namespace.set("no_such_attribute", true);
    });
    const stack = stackNamed(wrong, "messaging-eastus2");
    writeFileSync(stack.file, JSON.stringify(stack.json));
    await expect(validStacks([stack], folder)).rejects.toThrow(
      /^azurerm does not take[^]*messaging-eastus2:[^]*no_such_attribute/,
    );
    const other = stackNamed(build(), "messaging-centralus");
    await validStacks([other], folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
