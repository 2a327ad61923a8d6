import { publish } from "./publish";
import { sitePublicationFrom } from "./site-publication";

// Run by Terraform's local-exec: what is printed is what the operator sees, and the exit code is the apply's.
publish(sitePublicationFrom(process.env), { report: (line) => process.stdout.write(`${line}\n`) }).catch(
  (error: unknown) => {
    process.stderr.write(`publish: ${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  },
);
