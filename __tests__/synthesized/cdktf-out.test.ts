import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readCdktfOut } from "../../synthesized/cdktf-out";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "cdktf-out-"));
  mkdirSync(join(folder, "cdktf.out/stacks/one"), { recursive: true });
  for (const path of ["secret.json", "cdktf.out/stacks/one/cdk.tf.json"]) writeFileSync(join(folder, path), "{}");
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

function reading(stack: object) {
  const whole = {
    name: "one",
    dependencies: [],
    workingDirectory: "stacks/one",
    synthesizedStackPath: "stacks/one/cdk.tf.json",
    ...stack,
  };
  writeFileSync(join(folder, "cdktf.out/manifest.json"), JSON.stringify({ stacks: { one: whole } }));
  return () => readCdktfOut(join(folder, "cdktf.out"));
}

test("a folder of stacks is read from within itself", () => {
  expect(reading({})()).toEqual([
    {
      name: "one",
      dependencies: [],
      directory: join(folder, "cdktf.out/stacks/one"),
      file: join(folder, "cdktf.out/stacks/one/cdk.tf.json"),
      json: {},
    },
  ]);
});

test.each([
  ["a stack's file above it", { synthesizedStackPath: "../secret.json" }],
  ["a stack's file by its whole path", { synthesizedStackPath: "/etc/hostname" }],
  ["a folder to run in above it", { workingDirectory: "../.." }],
])("an artefact that names %s is refused", (_, stack) => {
  expect(reading(stack)).toThrow("which is outside its folder");
});

test.each(["../one", "one two", "-chdir", "One"])("so is a stack that is named %s", (name) => {
  expect(reading({ name })).toThrow(`names a stack "${name}", which synth never does`);
});
