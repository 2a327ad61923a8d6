import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { Failure } from "../../failure";
import { checkTerraform, terraform, terraformInit } from "../terraform";

/** A version that no provider takes: it answers with those that it takes. */
const NONE = "~0";

/**
 * The major versions of Node that azurerm takes for Windows function apps, oldest first. The provider itself is asked, by `terraform validate`: it signs in nowhere.
 *
 * @param azurerm the provider's version
 * @param folder an empty one
 * @throws MissingRequirement where there is no Terraform, or it cannot fetch the provider
 * @throws Failure where the provider's answer names no versions
 */
export async function nodeVersionsOf(azurerm: string, folder: string): Promise<readonly number[]> {
  checkTerraform();
  const json = {
    terraform: { required_providers: { azurerm: { source: "hashicorp/azurerm", version: azurerm } } },
    provider: { azurerm: [{ features: [{}] }] },
    resource: { azurerm_windows_function_app: { asked: FUNCTION_APP } },
  };
  const asked = { name: `azurerm ${azurerm}`, directory: folder, json };
  writeFileSync(join(folder, "main.tf.json"), JSON.stringify(json));
  await terraformInit(asked);
  const { output } = await terraform(asked, ["validate", "-no-color"], false);
  const [, list = ""] = /node_version to be one of \[([^\]]*)\]/.exec(output.replace(/[\s│]+/g, " ")) ?? [];
  const versions = [...list.matchAll(/~(\d+)/g)].map(([, major]) => Number(major)).sort((one, other) => one - other);
  if (versions.length === 0)
    throw new Failure(`azurerm ${azurerm} does not say which versions of Node it takes:\n${output}`);
  return versions;
}

const FUNCTION_APP = {
  name: "asked",
  resource_group_name: "asked",
  location: "eastus2",
  service_plan_id:
    "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/asked/providers/Microsoft.Web/serverFarms/asked",
  storage_account_name: "asked",
  site_config: [{ application_stack: [{ node_version: NONE }] }],
};
