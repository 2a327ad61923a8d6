// Runs a command in this process: `node ops/run.cjs <command> [options]`. TypeScript is compiled when it is loaded; tsx keeps the result beside the packages, not in
// the folder for temporary files.
const { existsSync } = require("node:fs");
const { join } = require("node:path");

const [, , name, ...options] = process.argv;
const script = join(__dirname, "commands", `${name}.ts`);
if (name === undefined || !/^[a-z-]+$/.test(name) || !existsSync(script)) {
  console.error(`There is no command "${name ?? ""}": ops/commands has them all.`);
  process.exit(2);
}
const { TMPDIR } = process.env;
try {
  process.env.TMPDIR = join(__dirname, "../node_modules/.cache");
  require("node:fs").mkdirSync(process.env.TMPDIR, { recursive: true });
  require("tsx/cjs");
} catch (error) {
  if (error.code !== "MODULE_NOT_FOUND" && error.code !== "EACCES" && error.code !== "EROFS") throw error;
  if (error.code === "MODULE_NOT_FOUND") {
    console.error("The packages are not installed: run npm ci.");
    process.exit(3);
  }
  require("tsx/cjs");
} finally {
  if (TMPDIR === undefined) delete process.env.TMPDIR;
  else process.env.TMPDIR = TMPDIR;
}
process.argv = [process.argv[0], script, ...options];
require(script);
