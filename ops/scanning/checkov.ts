import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { Failure } from "../../failure";
import { type Block, resourcesOf, type StackJson, type SynthesizedStack } from "../../synthesized/cdktf-out";
import { checksByType } from "./checkov-checks";
import type { Scan, ScannerFinding } from "./scan";
import { Scanner } from "./scanner";

const record = z.object({
  check_id: z.string(),
  check_name: z.string(),
  file_path: z.string(),
  resource: z.string(),
});
type CheckRecord = z.infer<typeof record>;

const report = z.object({
  results: z.object({ passed_checks: z.array(record), failed_checks: z.array(record) }),
  summary: z.object({ parsing_errors: z.number() }),
});

/** A resource that the stacks have. */
interface Scanned {
  readonly stack: string;
  readonly type: string;
  readonly id: string;
  readonly block: Block;
}

/**
 * Runs checkov over copies of the stacks. A check that it lists for a resource's type and gives no result of is a finding too: it gives none where a value is an expression that
 * it does not compute, or where something left the check out.
 *
 * @param folder an empty one
 * @throws MissingRequirement where there is no checkov
 * @throws Failure where it did not read a stack
 */
export async function scanStacks(stacks: readonly SynthesizedStack[], folder: string): Promise<Scan> {
  const checkov = new Scanner("checkov", folder);
  const version = await checkov.version();
  const checks = checksByType(await checkov.run(["--list", "--framework", "terraform"]));
  if (checks.size === 0) throw new Failure(`checkov ${version} lists no check of azurerm's resources.`);
  const resources: readonly Scanned[] = stacks.flatMap((stack) =>
    resourcesOf(stack).map((each) => ({ stack: stack.name, ...each })),
  );
  const expected = resources.filter(({ type }) => checks.has(type));
  const records = expected.length === 0 ? { passed: [], failed: [] } : await scan(checkov, stacks, folder);
  const all = [...records.passed, ...records.failed];
  const run = new Set(all.map((each) => `${each.check_id} ${keyOf(each)}`));
  const notRun = expected.flatMap((resource) =>
    [...(checks.get(resource.type) ?? [])]
      .filter((check) => !run.has(`${check} ${key(resource.stack, resource.id)}`))
      .map((check) => findingOn(resource, check, "checkov has this check, and gave no result of it")),
  );
  return {
    scanner: `checkov ${version}`,
    read: `${all.length} checks on ${expected.length} resources of ${stacks.length} stacks; it has no check of the types of ${resources.length - expected.length} others`,
    findings: [...records.failed.map((each) => findingOf(each, resources)), ...notRun].sort((one, other) =>
      one.where.localeCompare(other.where),
    ),
  };
}

async function scan(checkov: Scanner, stacks: readonly SynthesizedStack[], folder: string) {
  for (const stack of stacks) {
    mkdirSync(join(folder, stack.name));
    writeFileSync(join(folder, stack.name, "cdk.tf.json"), JSON.stringify(readable(stack.json), null, 2));
  }
  // Without a framework it takes the stacks for JSON of no kind that it knows, and finds nothing in them.
  const printed = await checkov.run([
    ...["--framework", "terraform_json", "--directory", "."],
    ...["--output", "json", "--compact", "--soft-fail", "--skip-download"],
  ]);
  const { results, summary } = checkov.report(report, printed);
  if (summary.parsing_errors > 0) {
    throw new Failure(
      `checkov did not read ${summary.parsing_errors} of the stacks: ${stacks.map(({ name }) => name).join(", ")}. A block that it does not know can be the reason; it gets ${Object.keys(readable({})).join(", ")} of each.`,
    );
  }
  return { passed: results.passed_checks, failed: results.failed_checks };
}

/** Without the blocks that tell of addresses in the state: checkov 3.3 reads nothing of a stack that has one. They say nothing about resources. */
function readable({ resource, data, locals, terraform, provider }: StackJson) {
  return { resource, data, locals, terraform, provider };
}

const key = (stack: string, id: string) => `${stack}/${id}`;

/** Its records have a type, or the word `resource` in its place. An id is of one resource in a stack: it is made from the construct's path. */
const keyOf = ({ file_path, resource }: CheckRecord) =>
  key(file_path.split("/")[1] ?? "", resource.slice(resource.indexOf(".") + 1));

const addressOf = ({ stack, type, id }: Scanned) => `${stack}: ${type}.${id}`;

function findingOf(found: CheckRecord, resources: readonly Scanned[]): ScannerFinding {
  const resource = resources.find(({ stack, id }) => key(stack, id) === keyOf(found));
  if (!resource) throw new Failure(`checkov names a resource that no stack has: ${found.file_path} ${found.resource}.`);
  return findingOn(resource, found.check_id, found.check_name);
}

function findingOn(resource: Scanned, check: string, what: string): ScannerFinding {
  const { metadata } = (resource.block["//"] ?? {}) as { metadata?: { path?: string } };
  return { check, what, where: addressOf(resource), type: resource.type, place: metadata?.path ?? addressOf(resource) };
}
