import { relative } from "node:path";
import type { Finding } from "../../proof/prove";
import { lineOf } from "./lines";
import type { Sifted } from "./suppressions";

/** SARIF 2.1.0 (docs.oasis-open.org/sarif/sarif/v2.1.0), as code scanning reads it. */
export function sarifOf({ findings, suppressed }: Sifted): unknown {
  const all = [...findings, ...suppressed.map(({ finding }) => finding)];
  const rules = [...new Map(all.map(({ rule, why }) => [rule, why]))];
  return {
    $schema: "https://json.schemastore.org/sarif-2.1.0.json",
    version: "2.1.0",
    runs: [
      {
        tool: {
          driver: {
            name: "npm run prove",
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
