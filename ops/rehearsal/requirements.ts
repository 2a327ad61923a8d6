import { spawnSync } from "node:child_process";
import { terraformBinary } from "../terraform";

/** The exit code of npm run rehearse where a requirement is missing. */
export const MISSING_REQUIREMENT = 3;

/** Something that a rehearsal needs is missing here: one line says what. It is no failure of the stacks. */
export class MissingRequirement extends Error {
  override name = "MissingRequirement";
}

/** @throws MissingRequirement where there is no Terraform */
export function checkTerraform(): void {
  const binary = terraformBinary();
  const { status } = spawnSync(binary, ["version"], {
    stdio: "ignore",
    env: { ...process.env, CHECKPOINT_DISABLE: "1" },
  });
  if (status === 0) return;
  throw new MissingRequirement(
    `There is no ${binary} here, and a rehearsal runs the real one: install Terraform 1.5 or later (developer.hashicorp.com/terraform/install), or set TERRAFORM_BINARY_NAME.`,
  );
}

/** Tells a provider that cannot be fetched from any other failure of `terraform init`. */
export function providerMissing(output: string): MissingRequirement | undefined {
  if (
    !/Failed to query available provider packages|Failed to install provider|Invalid provider registry host|no available releases match/i.test(
      output,
    )
  ) {
    return undefined;
  }
  return new MissingRequirement(
    `azurerm 4.55.0 could not be downloaded: ${terraformBinary()} init got it from no registry and no mirror. Check the access to registry.terraform.io, or configure a mirror in the file that TF_CLI_CONFIG_FILE names (developer.hashicorp.com/terraform/cli/config/config-file#provider-installation).`,
  );
}
