import { writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { Failure } from "../../failure";
import { pictureOf } from "../documents/documents";
import { command, run } from "../frame/command";
import { stacksOfStamp, stampNamed } from "../selection";
import { synthesizeAside } from "../synthesize-aside";

run(
  command({
    name: "npm run picture --",
    description: "Draws a stamp of your topology from its synthesized stacks, as SVG.",
    examples: [
      ["npm run picture -- picture.svg", "the first stamp"],
      ["npm run picture -- green.svg --stamp green", "another one"],
    ],
  })
    .argument("<file>", "where the picture goes")
    .option("--stamp <name>", "the stamp to draw, where there are several; none: the first")
    .action(async (file: string, { stamp }: { stamp?: string }) => {
      const { stacks, topology } = synthesizeAside();
      const picture = await pictureOf(stacksOfStamp(stacks, stampNamed(topology, stamp)));
      const path = resolve(file);
      try {
        writeFileSync(path, picture);
      } catch (error) {
        throw new Failure(`${path} cannot be written: ${(error as Error).message}`);
      }
      process.stdout.write(`${path}\n`);
    }),
);
