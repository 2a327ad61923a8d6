import { type FieldEntry, fieldEntries } from "./field-reference";

const INTRODUCTION = `# Topology

This page lists every field of the topology. It is generated from the schema in \`topology/\`: \`npm run docs\`.

The topology is the TypeScript file \`topology.ts\`, or the file that \`TOPOLOGY\` names: a \`.ts\` module that exports
\`topology\`, or JSON of the same shape. For JSON, \`topology.schema.json\` gives completion in editors. \`npm run synth\`
checks the topology as a whole, and reports every mistake at once. The folder [examples](examples) has topologies to
start from.

The column Default shows the value that applies if you leave the field out. "needed" means that you must write the field.
"optional" means that it has no default. Rules that span several fields are in \`topology/rules/\`, one in each file.
`;

/** docs/topology.md. */
export function topologyDocument(): string {
  const entries = fieldEntries();
  return [INTRODUCTION, ...section("The topology", entries), ...entries.flatMap(sectionsOf)].join("\n");
}

function sectionsOf(entry: FieldEntry): string[] {
  if (entry.fields.length === 0) return [];
  return [...section(`\`${entry.path}\``, entry.fields, entry.meaning), ...entry.fields.flatMap(sectionsOf)];
}

function section(title: string, fields: readonly FieldEntry[], meaning = ""): string[] {
  return [
    `## ${title}`,
    "",
    ...(meaning === "" ? [] : [meaning, ""]),
    "| Field | Meaning | Unit | Default | Limits | Example |",
    "| --- | --- | --- | --- | --- | --- |",
    ...fields.map((field) => `| ${cells(field).join(" | ")} |`),
    "",
  ];
}

function cells({
  path,
  meaning,
  unit = "",
  default: standard,
  presence,
  limits,
  example,
  fields,
}: FieldEntry): string[] {
  const name = path.slice(path.lastIndexOf(".") + 1);
  return [
    code(name),
    meaning,
    unit,
    standard === undefined ? presence : code(standard),
    limits,
    example === undefined ? (fields.length > 0 ? "see below" : "") : code(example),
  ].map((cell) => cell.replaceAll("|", "\\|"));
}

function code(text: string): string {
  return `\`${text}\``;
}
