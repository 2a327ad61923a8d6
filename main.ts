import { run } from "./ops/command";
import { synthesize } from "./synthesize";

run(() => {
  synthesize();
});
