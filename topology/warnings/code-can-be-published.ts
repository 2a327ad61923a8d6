import { whereabouts } from "../ranges";
import type { WarningRule } from "./warning";

/** The sites have private addresses only: without a deploy agent no code can be published to them. */
export const codeCanBePublished: WarningRule = ({ stamps }) =>
  stamps.flatMap((stamp, index) =>
    stamp.regions
      .filter((region) => Object.values(whereabouts(stamp, region, stamp.access.deployAgents)).flat().length === 0)
      .map(({ location }) => ({
        path: `stamps[${index}].access.deployAgents`,
        what: `no range reaches the sites of ${location}, so no agent can publish code to them`,
        fix: "Name the range of a deploy agent, in its workload subnet for example",
      })),
  );
