/**
 * Which rooms of the project a room may import, itself aside. Data flows one way: topology, constructs, stacks, synthesized stacks; then what reads those: proof, local, ops.
 * A new entry here moves a boundary: add one on purpose only.
 */
export const ROOMS = {
  failure: [],
  "is-running": [],
  "without-stack-traces": [],
  "azure-facts": [],
  functions: [],
  operator: ["functions", "topology/cidr"],
  topology: ["failure", "azure-facts", "functions"],
  synthesized: ["failure", "is-running", "azure-facts", "topology/terraform-text", "topology/cidr", "topology/locals"],
  packaging: ["failure", "azure-facts", "operator", "synthesized"],
  constructs: ["azure-facts", "functions", "packaging", "topology"],
  stacks: ["azure-facts", "constructs", "functions", "packaging", "topology"],
  app: ["stacks", "packaging", "topology"],
  synthesize: ["failure", "without-stack-traces", "app", "packaging", "synthesized", "topology"],
  proof: [
    "azure-facts",
    "synthesized",
    "topology/schema",
    "topology/cidr",
    "topology/private-services",
    "topology/locals",
    "topology/time-span",
  ],
  local: ["failure", "azure-facts", "functions", "packaging", "proof", "synthesized", "topology"],
  ops: [
    "failure",
    "is-running",
    "azure-facts",
    "local",
    "operator",
    "packaging",
    "proof",
    "synthesize",
    "synthesized",
    "topology",
  ],
  main: ["ops", "packaging", "synthesize"],
  bench: [
    "app",
    "azure-facts",
    "functions",
    "local",
    "ops",
    "packaging",
    "proof",
    "synthesize",
    "synthesized",
    "topology",
    "without-stack-traces",
  ],
};

const NAMES = Object.keys(ROOMS);

/** The patterns of `no-restricted-imports` for a room: everything of ours that its line does not name. */
export function importPatterns(room) {
  const allowed = ROOMS[room];
  return NAMES.filter((other) => other !== room && !allowed.includes(other)).map((other) => {
    const only = allowed.filter((path) => path.startsWith(`${other}/`)).map((path) => path.slice(other.length + 1));
    const within = only.length === 0 ? "(/|$)" : `(/(?!(${only.join("|")})$)|$)`;
    return {
      regex: `^(\\./|(\\.\\./)+)${other}${within}`,
      message: `${room} may import ${allowed.join(", ") || "nothing of ours"}: see eslint.imports.mjs.`,
    };
  });
}

/** The user's own file is read by path, by topology/load. A test that imports it would fail where the user edits it. */
export const OWN_TOPOLOGY = {
  regex: "^(\\./|(\\.\\./)+)topology$",
  message: "topology.ts is the user's: load it with topology/load, or use the reference topology.",
};
