import { warnOfFindings } from "./ops/findings";
import { command, run } from "./ops/frame/command";
import { checkTypes } from "./packaging/check-types";
import { synthesize } from "./synthesize";

/** What cdktf calls to synthesize. */
run(
  command({
    name: "npx cdktf",
    description: "Synthesizes the stacks: cdktf runs this file.",
    examples: [["npx cdktf synth", "to cdktf.out"]],
  }).action(() => {
    checkTypes();
    warnOfFindings(synthesize());
  }),
);
