import { join, resolve } from "node:path";

export const ROOT = resolve(__dirname, "../..");

/** The topology that documents show, whatever topology.ts says: the design document's two regions. */
export const REFERENCE = join(ROOT, "docs/examples/reference.json");
