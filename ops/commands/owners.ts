import { existingHubsIn } from "../../synthesized/views/existing-hub";
import { command, run } from "../frame/command";
import { json } from "../frame/options";
import { checklistOf } from "../owners/checklist";
import { snippetOf } from "../owners/snippet";
import { tasksOf } from "../owners/tasks";
import { synthesizeAside } from "../synthesize-aside";

interface OwnersOptions {
  readonly terraform?: boolean;
  readonly json?: boolean;
}

run(
  command({
    name: "npm run owners --",
    description: "Lists what the owners of existing hubs have to do, with exact values.",
    examples: [
      ["npm run owners", "a checklist; what the topology declares as done is ticked"],
      ["npm run owners -- --terraform > hub.tf", "the same as Terraform"],
    ],
  })
    .option("--terraform", "print Terraform in place of the checklist")
    .option("--json", "print the tasks as JSON, and nothing else")
    .action((options: OwnersOptions) => {
      owners(options);
    }),
);

function owners({ terraform, json: asJson }: OwnersOptions): void {
  const tasks = existingHubsIn(synthesizeAside().stacks).map(tasksOf);
  if (asJson) process.stdout.write(json(tasks));
  else if (tasks.length === 0)
    process.stdout.write("The topology uses no existing hub: there is nothing for another owner to do.\n");
  else process.stdout.write(terraform ? `${snippetOf(tasks)}\n` : tasks.map(checklistOf).join("\n"));
}
