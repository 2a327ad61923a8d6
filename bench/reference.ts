import { join } from "node:path";

/** The topology that every bench measures: the design document's two regions, independent of topology.ts. */
export const REFERENCE = join(__dirname, "..", "docs/examples/reference.json");
