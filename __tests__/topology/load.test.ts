import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loadTopology } from "../../topology/load";
import { referenceInput } from "../support/topologies";

const folder = mkdtempSync(join(tmpdir(), "topology-"));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

function written(name: string, content: string): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

const reference = JSON.stringify(referenceInput(), undefined, 2);

test("a mistake in JSON is reported with its line and the file's own name", () => {
  const path = written("wrong.json", reference.replace('"PT30S"', '"PT10M"'));
  const line = reference.split("\n").findIndex((text) => text.includes('"PT30S"')) + 1;
  expect(() => loadTopology(path)).toThrow(`1 mistake in ${path}.`);
  expect(() => loadTopology(path)).toThrow(`stamps[0].queues[0].lockDuration (line ${line})`);
});

test("a missing field is reported at the line of its object", () => {
  const path = written("missing.json", reference.replace(/,\s*"storageAccount": "lockdownpceastus2"/, ""));
  expect(() => loadTopology(path)).toThrow(/regions\[0\]\.storageAccount \(line 10\)/);
});

test("a key that an object has twice is a mistake with both lines", () => {
  const path = written(
    "twice.json",
    reference.replace('"primary": "eastus2",', '"primary": "eastus2",\n"primary": "centralus",'),
  );
  expect(() => loadTopology(path)).toThrow(
    /stamps\[0\]\.primary \(line \d+\)\n {4}got {7}the key twice, in lines 8 and 9/,
  );
});

test("a key that is there three times is one mistake", () => {
  const twice = '"primary": "eastus2",\n';
  const path = written("thrice.json", reference.replace('"primary": "eastus2",', twice.repeat(3)));
  expect(() => loadTopology(path)).toThrow("1 mistake in");
  expect(() => loadTopology(path)).toThrow("the key 3 times, in lines 8, ");
});

test("a text that is nested without end is one mistake", () => {
  const path = written("deep.json", `{"stamps": ${"[".repeat(100_000)}${"]".repeat(100_000)}}`);
  expect(() => loadTopology(path)).toThrow("nested 100001 deep");
});

test.each([
  ["a comma too many", '{\n  "stamps": [],\n}', "line 3, column 1"],
  ["a comment", '{ // no\n "stamps": [] }', "line 1, column 3"],
  ["an empty file", " ", "an empty file"],
  ["two values", '{"stamps": []} {}', "line 1, column 16"],
])("%s is no JSON, and the place is reported", (_, text, where) => {
  expect(() => loadTopology(written("syntax.json", text))).toThrow(where);
});

test("a byte order mark is no mistake", () => {
  expect(loadTopology(written("bom.json", `\uFEFF${reference}`)).stamps).toHaveLength(1);
});

test("a folder is no topology", () => {
  expect(() => loadTopology(folder)).toThrow("there is no file");
});
