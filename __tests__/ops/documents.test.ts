import { readFileSync } from "node:fs";
import { join } from "node:path";
import { generatedDocuments } from "../../ops/documents/documents";
import { type FieldEntry, fieldEntries } from "../../ops/documents/field-reference";
import { build } from "../support/build";

jest.setTimeout(120_000);

const ROOT = join(__dirname, "../..");

test.each(generatedDocuments(build()).map(({ path, content }) => [path, content] as const))(
  "%s is what the code makes of it: npm run docs",
  async (path, content) => {
    expect(await content()).toBe(readFileSync(join(ROOT, path), "utf8"));
  },
);

test("every field of the topology has a meaning, limits, and an example or fields of its own", () => {
  const all = (entries: readonly FieldEntry[]): FieldEntry[] =>
    entries.flatMap((entry) => [entry, ...all(entry.fields)]);
  const incomplete = all(fieldEntries()).filter(
    ({ meaning, limits, example, fields }) =>
      meaning === "" || limits === "" || (example === undefined && fields.length === 0),
  );
  expect(incomplete.map(({ path }) => path)).toEqual([]);
});
