import { Option } from "commander";
import { command, run } from "../frame/command";
import { json } from "../frame/options";
import { checklistOf } from "../owners/checklist";
import { isNothing, ownersPartIn } from "../owners/owners-part";
import { snippetOf } from "../owners/snippet";
import { synthesizeAside } from "../synthesize-aside";

interface OwnersOptions {
  readonly terraform?: boolean;
  readonly json?: boolean;
}

run(
  command({
    name: "npm run owners --",
    description: "Lists what the owners of existing hubs, zones and services have to do, with exact values.",
    examples: [
      ["npm run owners", "a checklist; what the topology declares as done is ticked"],
      ["npm run owners -- --terraform > hub.tf", "what of it Terraform can do; the rest as comments"],
    ],
  })
    .option("--terraform", "print Terraform in place of the checklist")
    .addOption(new Option("--json", "print the tasks as JSON, and nothing else").conflicts("terraform"))
    .action((options: OwnersOptions) => {
      owners(options);
    }),
);

function owners({ terraform, json: asJson }: OwnersOptions): void {
  const part = ownersPartIn(synthesizeAside().stacks);
  if (asJson) process.stdout.write(json(part));
  else if (isNothing(part))
    process.stdout.write(`${terraform ? "# " : ""}The topology uses nothing that its owner has a part in.\n`);
  else process.stdout.write(`${terraform ? snippetOf(part) : checklistOf(part)}\n`);
}
