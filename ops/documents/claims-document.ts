import { CLAIMS } from "../../proof/claims";
import { RULES } from "../../proof/rules";

const NEEDS = { stacks: "the stacks alone", flows: "declared flows", topology: "the topology" } as const;

/** Every rule and claim by its name, with what happens in Azure where it does not hold. */
export function claimsDocument(): string {
  return [
    "# Rules and claims",
    "",
    "`npm run docs` writes this page from `proof/rules/` and `proof/claims/`: one file for each. `npm run prove` checks them, as [The proof](proof.md) describes.",
    "",
    "## Rules",
    "",
    "| Rule | Where it does not hold |",
    "| --- | --- |",
    ...RULES.map(({ name, why }) => `| \`${name}\` | ${why} |`),
    "",
    "## Claims",
    "",
    "| Claim | Where it does not hold | Needs |",
    "| --- | --- | --- |",
    ...CLAIMS.map(({ name, why, needs }) => `| \`${name}\` | ${why} | ${NEEDS[needs]} |`),
    "",
  ].join("\n");
}
