import { readFileSync } from "node:fs";
import type { Topology, TopologyInput } from "../topology/schema";
import { validate } from "../topology/validate";
import { REFERENCE } from "./reference";

/** The reference topology's stamp, so many times, each with names and addresses of its own. */
export function manyStamps(count: number): Topology {
  const [stamp] = (JSON.parse(readFileSync(REFERENCE, "utf8")) as TopologyInput).stamps;
  if (!stamp) throw new Error("The reference topology has no stamp.");
  return validate({
    stamps: Array.from({ length: count }, (_, index) => {
      const text = JSON.stringify({ ...stamp, name: `s${index}` })
        .replaceAll("lockdown", `s${index}l`)
        .replace(/(network|messaging|workload)-(\w+)-rg/g, `$1-$2-${index}-rg`)
        .replace(/"10\.(\d)\./g, (_match, network: string) => `"10.${index * 4 + Number(network)}.`);
      return JSON.parse(text) as typeof stamp;
    }),
  });
}
