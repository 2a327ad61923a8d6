import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";

const ROOT = join(__dirname, "../..");

const OTHERS = new Set(["node_modules", "cdktf.out"]);

/** Every TypeScript file of the project, by its path. */
const files = readdirSync(ROOT, { withFileTypes: true })
  .filter(({ name }) => !name.startsWith(".") && !OTHERS.has(name))
  .flatMap((entry) =>
    entry.isDirectory()
      ? readdirSync(join(ROOT, entry.name), { recursive: true, encoding: "utf8" }).map((path) => join(entry.name, path))
      : [entry.name],
  )
  .filter((path) => path.endsWith(".ts"));

/** The files that a file imports, for values or for types. */
function importsOf(path: string): string[] {
  const source = readFileSync(join(ROOT, path), "utf8");
  return [...source.matchAll(/from "(\.[^"]+)"/g)].flatMap(([, to = ""]) => {
    const target = normalize(join(dirname(path), to));
    return [`${target}.ts`, `${target}/index.ts`].filter((candidate) => files.includes(candidate));
  });
}

test("no file imports itself by way of others, not even for a type", () => {
  const graph = new Map(files.map((path) => [path, importsOf(path)]));
  const done = new Set<string>();
  const visit = (path: string, way: readonly string[]): void => {
    const at = way.indexOf(path);
    if (at >= 0) throw new Error(`A circle: ${[...way.slice(at), path].join(" -> ")}`);
    if (done.has(path)) return;
    for (const next of graph.get(path) ?? []) visit(next, [...way, path]);
    done.add(path);
  };
  for (const path of files) visit(path, []);
});

interface ImportTable {
  readonly rooms: Readonly<Record<string, readonly string[]>>;
  /** By room: the patterns of no-restricted-imports. */
  readonly patterns: Readonly<Record<string, readonly { readonly regex: string }[]>>;
}

/** What the linter is configured with; its configuration is an ECMAScript module, which jest does not load. */
const table = JSON.parse(
  execFileSync(
    process.execPath,
    [
      "--input-type=module",
      "-e",
      `import { importPatterns, ROOMS } from ${JSON.stringify(join(ROOT, "eslint.imports.mjs"))};
       const patterns = Object.fromEntries(Object.keys(ROOMS).map((room) => [room, importPatterns(room)]));
       process.stdout.write(JSON.stringify({ rooms: ROOMS, patterns }));`,
    ],
    { encoding: "utf8" },
  ),
) as ImportTable;

test("every folder with code of ours has a line in the table of imports", () => {
  const rooms = new Set(files.map((path) => path.replace(/\.ts$/, "").split("/")[0] ?? ""));
  for (const room of ["__tests__", "topology"]) rooms.delete(room);
  expect(Object.keys(table.rooms)).toEqual(expect.arrayContaining([...rooms]));
  for (const [room, allowed] of Object.entries(table.rooms)) {
    for (const path of [room, ...allowed]) {
      expect({ path, exists: existsSync(join(ROOT, path)) || existsSync(join(ROOT, `${path}.ts`)) }).toEqual({
        path,
        exists: true,
      });
    }
  }
});

test("each line of the table permits only what its folder imports", () => {
  const unused = Object.entries(table.rooms).flatMap(([room, allowed]) => {
    const own = files.filter((path) => path.startsWith(`${room}/`) || path === `${room}.ts`);
    const imported = own.flatMap(importsOf).map((path) => path.replace(/\.ts$/, ""));
    return (
      allowed
        // The proof may name the topology's types; no rule needs one yet.
        .filter((path) => `${room}: ${path}` !== "proof: topology/schema")
        .filter((path) => !imported.some((file) => file === path || file.startsWith(`${path}/`)))
        .map((path) => `${room}: ${path}`)
    );
  });
  expect(unused).toEqual([]);
});

test.each([
  ["proof", "../../topology/names", true],
  ["proof", "../../topology/schema", false],
  ["proof", "../stacks/flows", true],
  ["constructs", "../../local/azure/azure", true],
  ["functions", "../../topology/names", true],
  ["synthesized", "../../topology/names", true],
  ["synthesized", "../../topology/terraform-text", false],
  ["local", "../ops/frame/command", true],
  ["operator", "../packaging/package-functions", true],
  ["azure-facts", "../topology/names", true],
  ["main", "./stacks/flows", true],
  ["main", "./ops/frame/command", false],
  ["local", "../functions-host/host", false],
])("%s imports %s: lint refuses it is %s", (room, to, refused) => {
  expect(table.patterns[room]?.some(({ regex }) => new RegExp(regex).test(to))).toBe(refused);
});
