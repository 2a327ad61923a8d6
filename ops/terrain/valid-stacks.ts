import { Failure } from "../../failure";
import type { SynthesizedStack } from "../../synthesized/cdktf-out";
import { terraform, terraformInit } from "../terraform";

/**
 * Has Terraform validate each stack with the azurerm that it names: attributes that the provider no longer has, and values that it does not take.
 *
 * @param cache a folder for the provider, which all stacks share
 * @throws MissingRequirement where the provider cannot be fetched
 * @throws Failure with Terraform's words for each stack that is not valid
 */
export async function validStacks(stacks: readonly SynthesizedStack[], cache: string): Promise<void> {
  const environment = { TF_PLUGIN_CACHE_DIR: process.env.TF_PLUGIN_CACHE_DIR ?? cache };
  const mistakes: string[] = [];
  for (const stack of stacks) {
    const sharing = { ...stack, environment };
    await terraformInit(sharing, ["-backend=false"]);
    const { code, output } = await terraform(sharing, ["validate", "-no-color"], false);
    if (code !== 0) mistakes.push(`${stack.name}:\n${output.trim()}`);
  }
  if (mistakes.length > 0) throw new Failure(`azurerm does not take what the stacks say:\n${mistakes.join("\n")}`);
}
