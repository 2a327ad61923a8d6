import { publish } from "./publish";
import { targetFrom } from "./target";

// Run by Terraform's local-exec: what is printed is what the operator sees, and the exit code is the apply's.
publish(targetFrom(process.env), { report: (line) => process.stdout.write(`${line}\n`) }).catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
