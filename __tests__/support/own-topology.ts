import { join } from "node:path";
import { DEFAULT_TOPOLOGY, loadTopology } from "../../topology/load";
import type { Topology } from "../../topology/schema";

/** The user's topology: what TOPOLOGY named when the tests were started, else topology.ts. */
export function ownTopology(): Topology {
  const { OWN_TOPOLOGY = "" } = process.env;
  return loadTopology(OWN_TOPOLOGY === "" ? join(__dirname, "../..", DEFAULT_TOPOLOGY) : OWN_TOPOLOGY);
}
