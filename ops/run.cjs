// Runs a command in this process: `node ops/run.cjs <command> [options]`. TypeScript is compiled when it is loaded.
const { existsSync, mkdirSync } = require("node:fs");
const { join } = require("node:path");

const PACKAGES = join(__dirname, "../node_modules");

const [, , name, ...options] = process.argv;
const script = join(__dirname, "commands", `${name}.ts`);
if (name === undefined || !/^[a-z-]+$/.test(name) || !existsSync(script)) {
  console.error(`There is no command "${name ?? ""}": ops/commands has them all.`);
  process.exit(2);
}
if (!existsSync(join(PACKAGES, "tsx"))) {
  console.error("The packages are not installed: run npm ci.");
  process.exit(3);
}

// tsx keeps what it compiled in the folder for temporary files: a command should leave nothing there.
const { TMPDIR } = process.env;
const cache = join(PACKAGES, ".cache");
try {
  mkdirSync(cache, { recursive: true });
  process.env.TMPDIR = cache;
} catch {
  // The packages belong to another user: it stays as it is.
}
require("tsx/cjs");
if (TMPDIR === undefined) delete process.env.TMPDIR;
else process.env.TMPDIR = TMPDIR;

process.argv = [process.argv[0], script, ...options];
require(script);
