import { modelFrom } from "../../proof/network/from-stacks";
import { Reach } from "../../proof/reach/reach";
import { matrixText } from "../../proof/report/matrix-text";
import { build } from "../support/build";
import { ownTopology } from "../support/own-topology";

/** One snapshot for each stack of topology.ts. They change on purpose only: npm run snapshots. */
const stacks = new Map(build(ownTopology()).map(({ name, json }) => [name, json]));

/** A pull request that opens a way shows it here as a line. */
test("who reaches whom", () => {
  expect(`\n${matrixText(new Reach(modelFrom(build(ownTopology()))))}`).toMatchSnapshot();
});

test.each([...stacks.keys()])("%s", (name) => {
  expect(stacks.get(name)).toMatchSnapshot();
});
