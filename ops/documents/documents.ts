import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { instance } from "@viz-js/viz";
import { topologyJsonSchema } from "../../topology/json-schema";
import type { SynthesizedStack } from "../../synthesized/cdktf-out";
import { architectureGraph } from "../architecture/architecture-graph";
import { claimsDocument } from "./claims-document";
import { withOutputs } from "./outputs";
import { ROOT } from "./reference";
import { topologyDocument } from "./topology-document";

/** A document that is generated, wholly or in part, and its present content. */
export interface GeneratedDocument {
  /** From the project's folder. */
  readonly path: string;
  readonly content: () => Promise<string>;
}

const MARK = "<!-- output of: ";

/**
 * Every document that is generated: the JSON schema, the field reference, the picture, and each page that shows what commands print.
 *
 * @param reference the reference topology's stacks
 */
export function generatedDocuments(reference: readonly SynthesizedStack[]): GeneratedDocument[] {
  return [
    { path: "topology.schema.json", content: () => Promise.resolve(topologyJsonSchema()) },
    { path: "docs/topology.md", content: () => Promise.resolve(topologyDocument()) },
    { path: "docs/claims.md", content: () => Promise.resolve(claimsDocument()) },
    { path: "docs/images/architecture.svg", content: () => pictureOf(reference) },
    ...pages()
      .filter((path) => readFileSync(join(ROOT, path), "utf8").includes(MARK))
      .map((path) => ({
        path,
        content: () => Promise.resolve(withOutputs(readFileSync(join(ROOT, path), "utf8"))),
      })),
  ];
}

/** A stamp's picture as SVG. */
export async function pictureOf(stacks: readonly SynthesizedStack[]): Promise<string> {
  return (await instance()).renderString(architectureGraph(stacks), { format: "svg" });
}

function pages(): string[] {
  const docs = readdirSync(join(ROOT, "docs"), { recursive: true, encoding: "utf8" });
  return ["README.md", ...docs.filter((path) => path.endsWith(".md")).map((path) => join("docs", path))];
}
