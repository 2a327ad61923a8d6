import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import ts from "typescript";
import { Failure } from "../failure";
import { BUILD, ROOT } from "./bundle";
import { stateOf } from "./source-state";

/** The state that was checked last, and is right: nothing of it is checked again. */
const CHECKED = join(BUILD, "types-checked");
const ENTRIES = ["functions/producer/index.ts", "functions/consumer/index.ts"];
/** One mistake often makes others: the first ones are enough. */
const SHOWN = 10;

/**
 * Checks the types of both function apps, with the project's own settings. The bundler drops types without a look at them.
 *
 * @throws Failure with the place of each mistake
 */
export function checkTypes(): void {
  const state = stateOf(["functions"], ts.version);
  if (existsSync(CHECKED) && readFileSync(CHECKED, "utf8") === state) return;
  const { config } = ts.readConfigFile(join(ROOT, "tsconfig.json"), (path) => ts.sys.readFile(path)) as {
    config: object;
  };
  const { options } = ts.parseJsonConfigFileContent({ ...config, include: ENTRIES }, ts.sys, ROOT);
  const program = ts.createProgram({
    rootNames: ENTRIES.map((entry) => join(ROOT, entry)),
    options: { ...options, types: ["node"] },
  });
  const mistakes = ts.getPreEmitDiagnostics(program);
  if (mistakes.length === 0) {
    mkdirSync(dirname(CHECKED), { recursive: true });
    writeFileSync(CHECKED, state);
    return;
  }
  const lines = mistakes.slice(0, SHOWN).map(lineOf);
  if (mistakes.length > SHOWN) lines.push(`and ${mistakes.length - SHOWN} more: npm run typecheck shows all`);
  throw new Failure(`The functions have type errors:\n${lines.map((line) => `  ${line}`).join("\n")}`);
}

function lineOf({ file, start = 0, messageText }: ts.Diagnostic): string {
  const text = ts.flattenDiagnosticMessageText(messageText, " ");
  if (!file) return text;
  const { line, character } = file.getLineAndCharacterOfPosition(start);
  return `${relative(ROOT, file.fileName)}:${line + 1}:${character + 1}: ${text}`;
}
