import { readdirSync, readFileSync, statSync } from "node:fs";
import { join, relative } from "node:path";
import { tree } from "../support/build";

function files(folder: string): Map<string, string> {
  const found = new Map<string, string>();
  const visit = (at: string) => {
    for (const name of readdirSync(at)) {
      const path = join(at, name);
      if (statSync(path).isDirectory()) visit(path);
      else found.set(relative(folder, path), readFileSync(path, "hex"));
    }
  };
  visit(folder);
  return found;
}

test("two syntheses are the same, byte by byte", () => {
  const [one, other] = [tree(), tree()];
  one.synth();
  other.synth();
  expect(files(one.outdir)).toEqual(files(other.outdir));
  // Nine stacks, six assets of the two code stacks, the manifest.
  expect(files(one.outdir).size).toBe(16);
});

test("a path of this machine is in no stack", () => {
  const app = tree();
  app.synth();
  for (const [name, hex] of files(app.outdir)) {
    expect({ name, own: Buffer.from(hex, "hex").toString().includes(process.cwd()) }).toEqual({ name, own: false });
  }
});
