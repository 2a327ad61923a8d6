import { spawn, spawnSync } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";

jest.setTimeout(120_000);

const ROOT = resolve(__dirname, "../..");
const COMMANDS = readdirSync(join(ROOT, "ops/commands")).map((file) => file.replace(/\.ts$/, ""));

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

function run(...args: string[]): Promise<Ended> {
  const child = spawn(process.execPath, [join(ROOT, "ops/run.cjs"), ...args], {
    cwd: ROOT,
    env: { PATH: process.env.PATH },
  });
  const said = { stdout: "", stderr: "" };
  child.stdout.on("data", (chunk: Buffer) => (said.stdout += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (said.stderr += chunk.toString()));
  return new Promise((done) =>
    child.once("close", (code) => {
      done({ code, ...said });
    }),
  );
}

test("there are commands", () => {
  expect(COMMANDS).toEqual(expect.arrayContaining(["start", "dev", "post", "peek", "deploy", "rehearse", "pipeline"]));
});

test.each(COMMANDS)("%s --help shows examples, and runs nothing", async (name) => {
  const { code, stdout, stderr } = await run(name, "--help");
  expect(stderr).toBe("");
  expect(stdout).toMatch(/^Usage: npm (run [a-z]+|start)/);
  expect(stdout).toContain("Examples:\n  ");
  expect(code).toBe(0);
});

test.each(COMMANDS)("%s refuses what it does not know, with one line", async (name) => {
  const outcomes = await Promise.all([run(name, "--no-such-option"), run(name, "one", "two", "three-too-many")]);
  const [unknownOption] = outcomes;
  expect(unknownOption.stderr).toContain("--no-such-option");
  for (const { code, stdout, stderr } of outcomes) {
    expect(stdout).toBe("");
    expect(stderr.trim().split("\n").length).toBeLessThanOrEqual(2);
    expect(code).toBe(2);
  }
});

test("an unknown command", async () => {
  const { code, stderr } = await run("no-such-command");
  expect(stderr).toContain('There is no command "no-such-command"');
  expect(code).toBe(2);
});

test("without the packages each command says so, with exit code 3", () => {
  const folder = mkdtempSync(join(tmpdir(), "no-packages-"));
  try {
    for (const file of ["ops/run.cjs", "ops/commands/start.ts"]) {
      mkdirSync(dirname(join(folder, file)), { recursive: true });
      copyFileSync(join(ROOT, file), join(folder, file));
    }
    const { status, stderr } = spawnSync(process.execPath, [join(folder, "ops/run.cjs"), "start"], {
      encoding: "utf8",
    });
    expect([status, stderr]).toEqual([3, "The packages are not installed: run npm ci.\n"]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
