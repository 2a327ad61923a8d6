import { join, resolve } from "node:path";

export const ROOT = resolve(__dirname, "../..");

/** The topology that documents show, independent of topology.ts: the design document's two regions. */
export const REFERENCE = join(ROOT, "docs/examples/reference.json");
