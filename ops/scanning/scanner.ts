import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { join, resolve, sep } from "node:path";
import type { z } from "zod";
import { Failure, MissingRequirement } from "../../failure";
import { atEnd } from "../frame/ending";

/** The scanners' versions, as pip reads them. */
const REQUIREMENTS = join(__dirname, "requirements.txt");

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A scanner in a folder, on the path or where its variable says: CHECKOV, ZIZMOR. */
export class Scanner {
  private readonly program: string;

  constructor(
    private readonly name: "checkov" | "zizmor",
    private readonly folder: string,
  ) {
    const named = process.env[this.variable] || name;
    // It runs in another folder than the user's.
    this.program = named.includes(sep) ? resolve(named) : named;
  }

  /** The version that the project names: another has other checks. @throws MissingRequirement where it is not there, or is another */
  async version(): Promise<string> {
    const expected = versionOf(this.name);
    const install = `install it (pipx install ${this.name}==${expected}), or set ${this.variable} to the program`;
    const { stdout } = await this.ended(["--version"]).catch((error: unknown) => {
      if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw this.failure(String(error));
      throw new MissingRequirement(`There is no ${this.program} on this machine: ${install}.`);
    });
    const version = /\d+(\.\d+)+/.exec(stdout)?.[0] ?? "of no version";
    if (version === expected) return version;
    throw new MissingRequirement(
      `${this.program} is ${version}, and this project is scanned by ${this.name} ${expected}: ${install}.`,
    );
  }

  /**
   * What it prints. Both end with 0 where they are asked to, findings or not.
   *
   * @throws Failure where it ends otherwise
   */
  async run(args: readonly string[]): Promise<string> {
    const { code, stdout, stderr } = await this.ended(args);
    if (code === 0) return stdout;
    throw this.failure(`ended with ${code ?? "a signal"}:\n${stderr.trim()}`);
  }

  /** What it printed as JSON. @throws Failure where that is no report of its */
  report<Report>(schema: z.ZodType<Report>, printed: string): Report {
    const parsed = schema.safeParse(json(printed));
    if (parsed.success) return parsed.data;
    throw new Failure(`${this.name} printed what is no report of it:\n${printed.slice(0, 1000)}`);
  }

  private get variable(): string {
    return this.name.toUpperCase();
  }

  private failure(what: string): Failure {
    return new Failure(
      `${this.program}: ${what}\nIt runs with an empty home folder, so that no configuration of the user's counts. A program that needs the home folder to start does not: install it with pipx, or set ${this.variable}.`,
    );
  }

  private async ended(args: readonly string[]): Promise<Ended> {
    const child = spawn(this.program, [...args], {
      cwd: this.folder,
      stdio: ["ignore", "pipe", "pipe"],
      // Nothing else of the environment: a scanner's own variables and files can switch checks off, and its keys would have it send what it read to a service.
      env: { PATH: process.env.PATH, HOME: this.folder, LANG: "C.UTF-8" },
    });
    const chunks = { stdout: "", stderr: "" };
    for (const stream of ["stdout", "stderr"] as const) {
      child[stream].setEncoding("utf8").on("data", (text: string) => (chunks[stream] += text));
    }
    const ended = new Promise<Ended>((done, fail) => {
      child.once("error", fail);
      child.once("close", (code) => {
        done({ code, ...chunks });
      });
    });
    atEnd(async () => {
      if (child.exitCode === null && child.signalCode === null) child.kill();
      await ended.catch(() => undefined);
    });
    return await ended;
  }
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** @throws Failure where the project names none */
function versionOf(name: string): string {
  const [, version] = new RegExp(`^${name}==(\\S+)`, "m").exec(readFileSync(REQUIREMENTS, "utf8")) ?? [];
  if (version === undefined)
    throw new Failure(`${REQUIREMENTS} names no version of ${name}: it needs a line ${name}==….`);
  return version;
}
