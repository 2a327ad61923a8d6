import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const ROOT = join(__dirname, "../..");
const FOLDERS = [
  ".ci",
  ".github",
  "azure-facts",
  "bench",
  "constructs",
  "docs",
  "functions",
  "local",
  "operator",
  "ops",
  "packaging",
  "proof",
  "stacks",
  "synthesized",
  "topology",
];

/** The user edits topology.ts and this file in his own words. */
const BUSINESS_LOGIC = join(ROOT, "functions/consumer/process.ts");

/** Words that a reader whose first language is not English has to look up, or that name nothing, and what to write instead. */
const WORDS: readonly (readonly [word: RegExp, instead: string])[] = [
  [/\bstands?\b(?!-)/i, "is, means, applies"],
  [/\btold\b/i, "reported, printed, configured"],
  [/\bwhoever\b/i, "the subject: a caller, a sender, a client"],
  [/\bwhatever\b/i, "the subject, or 'every'"],
  [/\b(nobody|somebody|anybody)\b/i, "the subject: no client, another receiver"],
  [/\bbears?\b/i, "tolerates"],
  [/\b(brings?|brought) [a-z ]*about\b/i, "causes"],
  [/\bto be had\b/i, "available"],
  [/\bway through the house\b/i, "how data flows"],
  [/\bmend(s|ed|ing)?\b/i, "correct"],
];

function filesIn(folder: string): string[] {
  return readdirSync(join(ROOT, folder), { recursive: true, encoding: "utf8" })
    .filter((path) => /\.(ts|md|mjs|ya?ml|sh)$|^(run|any-topology)$/.test(path))
    .map((path) => join(ROOT, folder, path))
    .filter((path) => path !== BUSINESS_LOGIC);
}

/** Names too: `standsIn` has the word in it. */
function words(line: string): string {
  return `${line} ${line.replace(/([a-z])([A-Z])/g, "$1 $2")}`;
}

test.each(WORDS)("the documents, the messages and the comments say nothing with %s: write %s", (word) => {
  const paths = [
    ...FOLDERS.flatMap(filesIn),
    ...["README.md", "synthesize.ts", "app.ts", "main.ts"].map((name) => join(ROOT, name)),
  ];
  const found = paths.flatMap((path) =>
    readFileSync(path, "utf8")
      .split("\n")
      .flatMap((line, index) => (word.test(words(line)) ? [`${path}:${index + 1}: ${line.trim()}`] : [])),
  );
  expect(found).toEqual([]);
});

test("the README has 200 lines at most", () => {
  expect(readFileSync(join(ROOT, "README.md"), "utf8").split("\n").length).toBeLessThanOrEqual(201);
});
