import { spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { withLock } from "../../synthesized/lock";
import { prepareOutdir } from "../../synthesized/outdir";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "outdir-"));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

test("folders are made as deep as is asked", () => {
  prepareOutdir(join(folder, "a/b/cdktf.out"));
  expect(readdirSync(join(folder, "a/b"))).toEqual(["cdktf.out"]);
});

test("what a synthesis left is synthesized to again", () => {
  mkdirSync(join(folder, "stacks"));
  writeFileSync(join(folder, "manifest.json"), "{}");
  writeFileSync(join(folder, ".synthesis.lock"), "");
  expect(() => {
    prepareOutdir(folder);
  }).not.toThrow();
});

test.each([
  ["a folder with other things in it", () => process.cwd(), /which holds [\w-]+: name an empty folder/],
  ["a file", () => file("some"), /which cannot be written: ENOTDIR/],
  ["below a file", () => join(file("some"), "out"), /which cannot be written: ENOTDIR/],
  ["where nothing can be made", () => "/proc/cdktf.out", /which cannot be written: ENOENT/],
])("%s is refused", (_, path, message) => {
  expect(() => {
    prepareOutdir(path());
  }).toThrow(message);
});

describe("two processes that synthesize into one folder", () => {
  test("the second waits for the first", async () => {
    const first = spawn(process.execPath, [
      "-e",
      `require("node:fs").writeFileSync(${JSON.stringify(join(folder, ".synthesis.lock"))}, String(process.pid));
       console.log("has it");
       setTimeout(() => require("node:fs").rmSync(${JSON.stringify(join(folder, ".synthesis.lock"))}), 800);`,
    ]);
    await new Promise((has) => first.stdout.once("data", has));
    const began = Date.now();
    // It waits without the event loop: the first is another process.
    expect(withLock(folder, () => "done")).toBe("done");
    expect(Date.now() - began).toBeGreaterThan(300);
    expect(existsSync(join(folder, ".synthesis.lock"))).toBe(false);
  });

  test("the lock of a process that was killed holds nobody up", async () => {
    const killed = spawn(process.execPath, ["-e", ""]);
    await new Promise((done) => killed.once("exit", done));
    writeFileSync(join(folder, ".synthesis.lock"), String(killed.pid));
    expect(withLock(folder, () => "done")).toBe("done");
  });

  test("work that throws frees it", () => {
    expect(() =>
      withLock(folder, () => {
        throw new Error("no luck");
      }),
    ).toThrow("no luck");
    expect(readdirSync(folder)).toEqual([]);
  });
});

function file(name: string): string {
  writeFileSync(join(folder, name), "");
  return join(folder, name);
}
