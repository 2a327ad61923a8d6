import { spawn } from "node:child_process";
import type { SynthesizedStack } from "../synthesized/cdktf-out";
import { UsageError } from "../usage-error";

export interface TerraformResult {
  readonly code: number;
  /** Empty where it was shown instead. */
  readonly output: string;
}

/** Terraform, or what TERRAFORM_BINARY_NAME names, for example `tofu`. */
export function terraformBinary(): string {
  return process.env.TERRAFORM_BINARY_NAME ?? "terraform";
}

/**
 * Runs Terraform in a stack's folder. Ctrl-C reaches Terraform too, which releases its lock and ends; we wait for that.
 *
 * @param show whether the terminal is Terraform's while it runs
 * @throws UsageError where there is no Terraform
 */
export async function terraform(
  stack: SynthesizedStack,
  args: readonly string[],
  show: boolean,
): Promise<TerraformResult> {
  const binary = terraformBinary();
  const child = spawn(binary, [...args], {
    cwd: stack.directory,
    stdio: show ? "inherit" : ["ignore", "pipe", "pipe"],
    env: { ...process.env, CHECKPOINT_DISABLE: "1" },
  });
  const chunks: Buffer[] = [];
  child.stdout?.on("data", (chunk: Buffer) => chunks.push(chunk));
  child.stderr?.on("data", (chunk: Buffer) => chunks.push(chunk));
  const wait = () => undefined;
  process.on("SIGINT", wait);
  try {
    const code = await new Promise<number>((resolve, reject) => {
      child.once("error", () => {
        reject(
          new UsageError(
            `${binary} cannot be started. Install Terraform 1.5 or later (developer.hashicorp.com/terraform/install), or set TERRAFORM_BINARY_NAME.`,
          ),
        );
      });
      child.once("close", (status) => {
        resolve(status ?? 1);
      });
    });
    return { code, output: Buffer.concat(chunks).toString() };
  } finally {
    process.off("SIGINT", wait);
  }
}

/** @throws UsageError with Terraform's words where it fails */
export async function terraformInit(stack: SynthesizedStack, args: readonly string[] = []): Promise<void> {
  const { code, output } = await terraform(stack, ["init", "-input=false", "-no-color", ...args], false);
  if (code !== 0) throw new UsageError(`${stack.name}: ${terraformBinary()} init failed.\n${output.trim()}`);
}
