import { spawn, spawnSync } from "node:child_process";
import type { SynthesizedStack } from "../synthesized/cdktf-out";
import { Failure, MissingRequirement } from "../failure";
import { atEnd, interruptedBy } from "./frame/ending";

/** A stack, or a folder that is like one. */
export interface TerraformFolder extends Pick<SynthesizedStack, "name" | "directory" | "json"> {
  /** Variables for Terraform beside the user's. */
  readonly environment?: Readonly<Record<string, string>>;
}

export interface TerraformResult {
  readonly code: number;
  /** Empty where it was shown instead. */
  readonly output: string;
}

/** Terraform, or what TERRAFORM_BINARY_NAME names, for example `tofu`. */
export function terraformBinary(): string {
  return process.env.TERRAFORM_BINARY_NAME || "terraform";
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
    `There is no ${binary} on this machine: install Terraform 1.7 or later (developer.hashicorp.com/terraform/install), or set TERRAFORM_BINARY_NAME.`,
  );
}

const UNFETCHED =
  /Failed to query available provider packages|Failed to install provider|Invalid provider registry host|no available releases match/i;
/** It was fetched, and is another one than the lock file names: that is for the user to read. */
const ANOTHER = /doesn't match any of the checksums/i;

/** Tells a provider that cannot be fetched from any other failure of `terraform init`. */
export function providerMissing(output: string, stack: TerraformFolder): MissingRequirement | undefined {
  if (!UNFETCHED.test(output) || ANOTHER.test(output.replace(/[\s│]+/g, " "))) return undefined;
  return new MissingRequirement(
    `azurerm ${azurermOf(stack)} could not be downloaded: ${terraformBinary()} init got it from no registry and no mirror. Check the access to registry.terraform.io, or configure a mirror in the file that TF_CLI_CONFIG_FILE names (developer.hashicorp.com/terraform/cli/config/config-file#provider-installation).`,
  );
}

/** The version of azurerm that it names. */
export function azurermOf({ json }: Pick<SynthesizedStack, "json">): string {
  const { azurerm } = (json.terraform?.required_providers ?? {}) as { azurerm?: { version?: string } };
  return azurerm?.version ?? "of any version";
}

/**
 * Runs Terraform in a stack's folder. An interruption reaches Terraform too, which finishes what it does, writes its state and releases its lock; we wait for that.
 *
 * @param show whether the terminal is Terraform's while it runs
 */
export async function terraform(
  stack: TerraformFolder,
  args: readonly string[],
  show: boolean,
): Promise<TerraformResult> {
  const child = spawn(terraformBinary(), [...args], {
    cwd: stack.directory,
    stdio: show ? "inherit" : ["ignore", "pipe", "pipe"],
    env: { ...process.env, CHECKPOINT_DISABLE: "1", ...stack.environment },
  });
  const chunks: Buffer[] = [];
  child.stdout?.on("data", (chunk: Buffer) => chunks.push(chunk));
  child.stderr?.on("data", (chunk: Buffer) => chunks.push(chunk));
  const ended = new Promise<number>((resolve, reject) => {
    child.once("error", (error) => {
      reject(new Failure(`${terraformBinary()} cannot be started: ${error.message}`));
    });
    child.once("close", (status) => {
      resolve(status ?? 1);
    });
  });
  atEnd(async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    // Ctrl-C in a terminal reaches Terraform by itself. A second SIGINT would end it at once, without its state.
    if (interruptedBy() !== "SIGINT" || !process.stdin.isTTY) child.kill("SIGINT");
    await ended.catch(() => undefined);
  });
  return { code: await ended, output: Buffer.concat(chunks).toString() };
}

/** @throws MissingRequirement where azurerm cannot be fetched; Failure with Terraform's words where it fails otherwise */
export async function terraformInit(stack: TerraformFolder, args: readonly string[] = []): Promise<void> {
  const { code, output } = await terraform(stack, ["init", "-input=false", "-no-color", ...args], false);
  if (code === 0) return;
  throw (
    providerMissing(output, stack) ?? new Failure(`${stack.name}: ${terraformBinary()} init failed.\n${output.trim()}`)
  );
}
