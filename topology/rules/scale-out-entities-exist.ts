import { placed, repeated, stampsOf } from "../draft";
import { unknownEntities } from "../entity-names";
import type { Mistake } from "../mistake";
import type { TopologyRule } from "./topology-rule";

/** A rule on an entity that is not there never fires. */
export const scaleOutEntitiesExist: TopologyRule = (topology) =>
  stampsOf(topology).flatMap((stamp) => {
    const entities = placed<string>(stamp.it.plan?.scaleOutEntities, `${stamp.at}.plan.scaleOutEntities`);
    const twice = repeated(entities.map(({ at, it }) => ({ at, value: it }))).map(
      ({ at: path, value, first }): Mistake => ({
        path,
        got: `"${value}"`,
        expected: `another entity than ${first}`,
        fix: "name it once",
      }),
    );
    return [...unknownEntities(stamp, entities), ...twice];
  });
