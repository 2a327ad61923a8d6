import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Failure, MissingRequirement } from "../../failure";

/** The scanners' versions, as pip reads them. */
const REQUIREMENTS = join(__dirname, "requirements.txt");

/** A scanner in a folder, on the path or where its variable says: CHECKOV, ZIZMOR. */
export class Scanner {
  constructor(
    private readonly name: "checkov" | "zizmor",
    private readonly folder: string,
  ) {}

  /** Its version. @throws MissingRequirement where it is not there */
  version(): string {
    const { error, stdout } = this.spawn(["--version"]);
    if (!error) return /\d+(\.\d+)+/.exec(stdout)?.[0] ?? "of an unknown version";
    const requirement = readFileSync(REQUIREMENTS, "utf8")
      .split("\n")
      .find((line) => line.startsWith(`${this.name}==`));
    throw new MissingRequirement(
      `There is no ${this.program} on this machine: install it (pipx install ${requirement ?? this.name}), or set ${this.variable} to the program.`,
    );
  }

  /**
   * What it prints. Both end with 0 where they are asked to, findings or not.
   *
   * @throws Failure where it ends otherwise
   */
  run(args: readonly string[]): string {
    const { status, stdout, stderr, error } = this.spawn(args);
    if (status === 0) return stdout;
    throw new Failure(`${this.name} ended with ${status ?? error?.message ?? "a signal"}:\n${stderr.trim()}`);
  }

  private get variable(): string {
    return this.name.toUpperCase();
  }

  private get program(): string {
    return process.env[this.variable] || this.name;
  }

  private spawn(args: readonly string[]) {
    return spawnSync(this.program, [...args], {
      cwd: this.folder,
      encoding: "utf8",
      maxBuffer: 64 * 1_048_576,
      // Nothing else of the environment: a scanner's own variables and files can switch checks off, and its keys would have it send what it read to a service.
      env: { PATH: process.env.PATH, HOME: this.folder, LANG: "C.UTF-8" },
    });
  }
}
