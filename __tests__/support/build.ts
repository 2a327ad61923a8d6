import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { App } from "cdktf";
import { buildApp } from "../../app";
import { type Block, readCdktfOut, resourcesOf, type SynthesizedStack } from "../../synthesized/cdktf-out";
import type { Artifacts } from "../../packaging/package-functions";
import type { Topology } from "../../topology/schema";
import { withoutStackTraces } from "../../without-stack-traces";
import { topologyWith } from "./topologies";

export const SUBSCRIPTION = "11111111-2222-3333-4444-555555555555";

const folder = mkdtempSync(join(tmpdir(), "locked-down-"));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

let builds = 0;

/** Packages of a fixed content, so that a change of the functions' code changes no snapshot. */
function artifacts(): Artifacts {
  const make = (name: string) => {
    const path = join(folder, name);
    writeFileSync(path, name);
    return { path, hash: `hash-of-${name}`, size: name.length };
  };
  return { producer: make("producer.zip"), consumer: make("consumer.zip"), publisher: make("publish.js") };
}

/** The app as a construct tree, to put a mistake into before it is synthesized. */
export function tree(topology: Topology = topologyWith(), subscription: string = SUBSCRIPTION): App {
  const outdir = join(folder, String(builds++), "cdktf.out");
  mkdirSync(outdir, { recursive: true });
  return withoutStackTraces(() => buildApp(topology, { artifacts: artifacts(), subscription, outdir }));
}

/** Synthesizes the *whole* app, as a deployment would: prepared, validated, written and read back. */
export function synthesized(app: App): SynthesizedStack[] {
  withoutStackTraces(() => {
    app.synth();
  });
  return readCdktfOut(app.outdir);
}

const built = new Map<string, SynthesizedStack[]>();

/** A topology's stacks; built once for each topology, as no test changes them. */
export function build(topology: Topology = topologyWith(), subscription: string = SUBSCRIPTION): SynthesizedStack[] {
  const key = JSON.stringify([topology, subscription]);
  const stacks = built.get(key) ?? synthesized(tree(topology, subscription));
  built.set(key, stacks);
  return stacks;
}

export function stackNamed(stacks: readonly SynthesizedStack[], name: string): SynthesizedStack {
  const stack = stacks.find((candidate) => candidate.name === name);
  if (!stack) throw new Error(`There is no stack ${name}, only ${stacks.map((each) => each.name).join(", ")}.`);
  return stack;
}

/** A stack's resources of a type. */
export function ofType(stack: SynthesizedStack, type: string): Block[] {
  return resourcesOf(stack)
    .filter((resource) => resource.type === type)
    .map(({ block }) => block);
}

/** The one resource of a type, or the one of that name. */
export function only(stack: SynthesizedStack, type: string, name?: string): Block {
  const found = ofType(stack, type).filter((block) => name === undefined || block.name === name);
  const [block, another] = found;
  if (!block || another)
    throw new Error(`${stack.name} has ${found.length} of ${type}${name ? ` named ${name}` : ""}, not one.`);
  return block;
}
