import { existsSync, readdirSync } from "node:fs";
import { join, relative, resolve, sep } from "node:path";
import { z } from "zod";
import type { Scan, ScannerFinding } from "./scan";
import { Scanner } from "./scanner";

const report = z.array(
  z.object({
    ident: z.string(),
    desc: z.string(),
    locations: z.array(
      z.object({
        symbolic: z.object({ kind: z.string(), key: z.object({ Local: z.object({ verbatim_path: z.string() }) }) }),
        concrete: z.object({ location: z.object({ start_point: z.object({ row: z.number() }) }) }),
      }),
    ),
  }),
);

/**
 * Runs zizmor over the workflows and the actions of a project.
 *
 * @param root the project's folder
 * @param folder an empty one
 * @throws MissingRequirement where there is no zizmor
 * @throws Failure where it does not read one of the files
 */
export async function scanWorkflows(root: string, folder: string): Promise<Scan> {
  const zizmor = new Scanner("zizmor", folder);
  const version = await zizmor.version();
  const files = filesIn(root);
  const printed =
    files.length === 0
      ? "[]"
      : await zizmor.run([
          // Each file is named: one that it cannot read is an error. Comments and files that switch an audit off do not count.
          ...["--offline", "--strict-collection", "--no-config", "--no-ignores"],
          ...["--format", "json", "--no-exit-codes", "--quiet"],
          ...files,
        ]);
  const found = zizmor.report(report, printed);
  return {
    scanner: `zizmor ${version}`,
    read: `${files.length} ${files.length === 1 ? "file" : "files"} of .github`,
    findings: found.map((each) => findingOf(each, root)),
  };
}

function filesIn(root: string): readonly string[] {
  const github = join(root, ".github");
  if (!existsSync(github)) return [];
  return readdirSync(github, { recursive: true, encoding: "utf8" })
    .map((path) => path.split(sep).join("/"))
    .filter((path) => /^workflows\/[^/]+\.ya?ml$|(^|\/)action\.ya?ml$/.test(path))
    .sort()
    .map((path) => join(github, path));
}

function findingOf({ ident, desc, locations }: z.infer<typeof report>[number], root: string): ScannerFinding {
  const at = locations.find(({ symbolic }) => symbolic.kind === "Primary") ?? locations[0];
  if (!at) return { check: ident, what: desc, where: "", place: "" };
  const file = relative(root, resolve(at.symbolic.key.Local.verbatim_path)).split(sep).join("/");
  return { check: ident, what: desc, where: `${file}:${at.concrete.location.start_point.row + 1}`, place: file };
}
