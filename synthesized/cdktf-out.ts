import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join, relative, resolve, sep } from "node:path";
import { Failure } from "../failure";

/** A resource or data source of `cdk.tf.json`. */
export type Block = Readonly<Record<string, unknown>>;

/** A stack as Terraform will see it. */
export interface SynthesizedStack {
  readonly name: string;
  /** Stacks that come before it. */
  readonly dependencies: readonly string[];
  /** Where Terraform runs, absolute. */
  readonly directory: string;
  /** Where it was read from, absolute. */
  readonly file: string;
  readonly json: StackJson;
}

export interface StackJson {
  readonly resource?: Readonly<Record<string, Readonly<Record<string, Block>>>>;
  readonly data?: Readonly<Record<string, Readonly<Record<string, Block>>>>;
  readonly output?: Readonly<Record<string, Block>>;
  readonly locals?: Readonly<Record<string, unknown>>;
  readonly terraform?: Block;
  readonly provider?: Block;
  readonly import?: readonly { readonly to: string; readonly id: string }[];
}

interface Manifest {
  readonly stacks: Readonly<
    Record<string, { name: string; dependencies: string[]; workingDirectory: string; synthesizedStackPath: string }>
  >;
}

/**
 * The synthesized stacks, each after those it depends on.
 *
 * @throws Failure where nothing whole was synthesized
 */
export function readCdktfOut(outdir: string): SynthesizedStack[] {
  const stacks = Object.values(manifestOf(outdir).stacks).map((stack) => {
    if (!/^[a-z0-9][a-z0-9-]*$/.test(stack.name)) {
      throw new Failure(`${join(outdir, "manifest.json")} names a stack "${stack.name}", which synth never does.`);
    }
    return {
      name: stack.name,
      dependencies: stack.dependencies,
      directory: within(outdir, stack.workingDirectory),
      file: within(outdir, stack.synthesizedStackPath),
      json: parse(within(outdir, stack.synthesizedStackPath)) as StackJson,
    };
  });
  return inOrder(stacks);
}

/** Every resource of a stack, with its type and its logical id. */
export function resourcesOf({ json }: Pick<SynthesizedStack, "json">): { type: string; id: string; block: Block }[] {
  return Object.entries(json.resource ?? {}).flatMap(([type, blocks]) =>
    Object.entries(blocks).map(([id, block]) => ({ type, id, block })),
  );
}

/** Takes away the folders of stacks that the topology no longer has: a glob over them would still find them. State is elsewhere. */
export function removeStaleStacks(outdir: string): void {
  const current = new Set(
    Object.values(manifestOf(outdir).stacks).map(({ workingDirectory }) => resolve(outdir, workingDirectory)),
  );
  const folder = join(outdir, "stacks");
  for (const name of readdirSync(folder)) {
    const path = resolve(folder, name);
    if (!current.has(path) && existsSync(join(path, "cdk.tf.json"))) rmSync(path, { recursive: true });
  }
}

/** Dependencies first; among those that are free, the order of their names. */
function inOrder(stacks: readonly SynthesizedStack[]): SynthesizedStack[] {
  for (const { name, dependencies } of stacks) {
    const missing = dependencies.find((dependency) => !stacks.some((stack) => stack.name === dependency));
    if (missing !== undefined)
      throw new Failure(
        `The stack ${name} comes after ${missing}, which is not there: synthesize again, npm run synth.`,
      );
  }
  const ordered: SynthesizedStack[] = [];
  let waiting = [...stacks].sort((one, other) => (one.name < other.name ? -1 : 1));
  while (waiting.length > 0) {
    const done = new Set(ordered.map(({ name }) => name));
    const free = waiting.filter(({ dependencies }) => dependencies.every((name) => done.has(name)));
    if (free.length === 0)
      throw new Failure(`The stacks ${waiting.map(({ name }) => name).join(", ")} wait for each other.`);
    ordered.push(...free);
    waiting = waiting.filter((stack) => !free.includes(stack));
  }
  return ordered;
}

/** The folder may be an artefact of another job's: what it names stays inside it. */
function within(outdir: string, path: string): string {
  const found = resolve(outdir, path);
  const way = relative(resolve(outdir), found);
  if (way === ".." || way.startsWith(`..${sep}`) || resolve(outdir, way) !== found) {
    throw new Failure(`${join(outdir, "manifest.json")} names ${path}, which is outside its folder.`);
  }
  return found;
}

function manifestOf(outdir: string): Manifest {
  return parse(join(outdir, "manifest.json")) as Manifest;
}

function parse(path: string): unknown {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch {
    throw new Failure(`There is no ${path}: synthesize first, npm run synth.`);
  }
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw new Failure(`${path} is not whole: synthesize again, npm run synth.`);
  }
}
