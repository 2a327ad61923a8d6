import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";

export const GITHUB = join(__dirname, "../../.github");

export interface Step {
  readonly name?: string;
  readonly id?: string;
  readonly uses?: string;
  readonly run?: string;
  readonly shell?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly with?: Readonly<Record<string, unknown>>;
}

export interface Job {
  readonly if?: string;
  readonly environment?: string;
  readonly permissions?: Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, string>>;
  readonly uses?: string;
  readonly with?: Readonly<Record<string, unknown>>;
  readonly needs?: string | readonly string[];
  readonly strategy?: { readonly matrix?: Readonly<Record<string, unknown>> };
  readonly steps?: readonly Step[];
}

export interface Workflow {
  readonly on: Readonly<Record<string, unknown>>;
  readonly permissions?: Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, string>>;
  readonly jobs: Readonly<Record<string, Job>>;
}

export const workflowFiles = readdirSync(join(GITHUB, "workflows"));
export const actionFiles = readdirSync(join(GITHUB, "actions")).map((name) => `actions/${name}/action.yml`);

export function githubText(path: string): string {
  return readFileSync(join(GITHUB, path), "utf8");
}

export function workflow(name: string): Workflow {
  return parse(githubText(`workflows/${name}`)) as Workflow;
}

export interface Script {
  /** `main.yml plan: What is to be approved`. */
  readonly title: string;
  readonly run: string;
}

/** Every shell script in the workflows and their actions, as the runner gets it. */
export function scripts(): Script[] {
  const ofSteps = (where: string, steps: readonly Step[] = []) =>
    steps.flatMap(({ name, id, run }, index) =>
      run === undefined ? [] : [{ title: `${where}: ${name ?? id ?? `step ${index + 1}`}`, run }],
    );
  return [
    ...workflowFiles.flatMap((file) =>
      Object.entries(workflow(file).jobs).flatMap(([job, { steps }]) => ofSteps(`${file} ${job}`, steps)),
    ),
    ...actionFiles.flatMap((file) =>
      ofSteps(file, (parse(githubText(file)) as { runs: { steps: Step[] } }).runs.steps),
    ),
  ];
}
