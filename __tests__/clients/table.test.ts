import { readFileSync } from "node:fs";
import { join } from "node:path";
import { CAPABILITIES, CLIENTS } from "./capabilities";

const DOCUMENT = join(__dirname, "..", "..", "docs", "running-locally.md");

/** The cells of the document's rows, without what a formatter adds. */
function rows(): string[][] {
  return readFileSync(DOCUMENT, "utf8")
    .split("\n")
    .filter((line) => line.startsWith("|"))
    .map((line) =>
      line
        .split("|")
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
}

test("the document's table says of each client what its test says", () => {
  const expected = CAPABILITIES.map(({ title, lacking }) => [
    title,
    ...CLIENTS.map((client) => (lacking?.[client] === undefined ? "yes" : lacking[client])),
  ]);
  expect(rows()).toEqual(expect.arrayContaining(expected));
});
