import { run } from "./ops/command";
import { warnOfFindings } from "./ops/findings";
import { synthesize } from "./synthesize";

run(() => {
  warnOfFindings(synthesize().stacks);
});
