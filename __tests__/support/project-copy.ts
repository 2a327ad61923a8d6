import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { command, type Outcome } from "./command";

const ROOT = resolve(__dirname, "../..");
const LEFT_OUT = new Set(["node_modules", ".git", "cdktf.out", ".build", "__tests__", "docs"]);

/** A copy of the project that a test may edit. */
export class ProjectCopy {
  readonly folder = mkdtempSync(join(tmpdir(), "edited-"));

  constructor() {
    cpSync(ROOT, this.folder, {
      recursive: true,
      filter: (path) => !LEFT_OUT.has(path.slice(ROOT.length + 1).split("/")[0] ?? ""),
    });
    symlinkSync(join(ROOT, "node_modules"), join(this.folder, "node_modules"));
  }

  write(file: string, content: string): void {
    writeFileSync(join(this.folder, file), content);
  }

  /** @throws Error where the text is not there to be replaced */
  edit(file: string, text: string, other: string): void {
    const source = readFileSync(join(this.folder, file), "utf8");
    const edited = source.replace(text, other);
    if (edited === source) throw new Error(`${file} has no ${text}.`);
    this.write(file, edited);
  }

  run(name: string, args: readonly string[], environment: NodeJS.ProcessEnv = {}): Outcome {
    return command(name, args, environment, this.folder);
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
