import { join } from "node:path";
import { type Synthesis, synthesize } from "../synthesize";
import { temporaryFolder } from "./frame/ending";

/** Synthesizes into a folder of its own, for as long as the command runs: what was synthesized for a deployment stays as it is. */
export function synthesizeAside(): Synthesis {
  return synthesize({ outdir: join(temporaryFolder("locked-down-stacks"), "cdktf.out") });
}
