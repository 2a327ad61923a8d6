import { given, repeated, stampsOf } from "../draft";
import type { TopologyRule } from "./topology-rule";

/** Stack names start with the stamp's name; one stamp may go without, so that a first deployment never has to be renamed. */
export const stampNamesDiffer: TopologyRule = (topology) =>
  repeated(stampsOf(topology).map(({ at, it }) => ({ at: `${at}.name`, value: given(it, "name", "") }))).map(
    ({ at, value, first }) => ({
      path: at,
      got: value === "" ? "nothing" : `"${value}"`,
      expected: "a name of its own for every stamp but one",
      fix: `name it differently from ${first}`,
    }),
  );
