import { build } from "../support/build";
import { ownTopology } from "../support/own-topology";

/** One snapshot for each stack of topology.ts. They change on purpose only: npm run snapshots. */
const stacks = new Map(build(ownTopology()).map(({ name, json }) => [name, json]));

test.each([...stacks.keys()])("%s", (name) => {
  expect(stacks.get(name)).toMatchSnapshot();
});
