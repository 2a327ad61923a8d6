import { relative } from "node:path";
import { CLAIMS } from "../../proof/claims";
import type { Finding } from "../../proof/prove";
import { RULES } from "../../proof/rules";
import { lineOf } from "./lines";
import type { CountedFindings } from "./suppressions";

/** SARIF 2.1.0 (docs.oasis-open.org/sarif/sarif/v2.1.0). Files are named from the working directory: a scanner that shows them needs the synthesized stacks there. @param checked the names of what was checked */
export function sarifOf({ findings, suppressed }: CountedFindings, checked: readonly string[]): unknown {
  const all = [...findings, ...suppressed.map(({ finding }) => finding)];
  const found = new Map(all.map(({ rule, why }) => [rule, why]));
  const rules = [...new Set([...checked, ...found.keys()])].map(
    (id) => [id, found.get(id) ?? WHY.get(id) ?? id] as const,
  );
  return {
    $schema: "https://json.schemastore.org/sarif-2.1.0.json",
    version: "2.1.0",
    runs: [
      {
        tool: {
          driver: {
            name: "prove",
            rules: rules.map(([id, why]) => ({ id, shortDescription: { text: why } })),
          },
        },
        results: [
          ...findings.map((finding) => resultOf(finding)),
          ...suppressed.map(({ finding, reason }) => ({
            ...resultOf(finding),
            suppressions: [{ kind: "external", justification: reason }],
          })),
        ],
      },
    ],
  };
}

const WHY: ReadonlyMap<string, string> = new Map([...RULES, ...CLAIMS].map(({ name, why }) => [name, why]));

function resultOf({ rule, severity, what, origin }: Finding) {
  const line = origin && lineOf(origin);
  const physicalLocation =
    origin?.file === undefined
      ? undefined
      : {
          artifactLocation: { uri: relative(process.cwd(), origin.file) },
          region: { startLine: line ?? 1 },
        };
  return {
    ruleId: rule,
    level: severity,
    message: { text: what },
    locations: [
      {
        ...(physicalLocation ? { physicalLocation } : {}),
        logicalLocations: [{ fullyQualifiedName: origin?.resource ?? rule }],
      },
    ],
  };
}
