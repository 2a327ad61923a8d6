import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { FUNCTIONS_NODE, OLDEST_NODE } from "../../azure-facts/functions-node";
import { githubText, workflow } from "../support/workflows";

const { engines, dependencies } = JSON.parse(readFileSync(join(__dirname, "../../package.json"), "utf8")) as {
  engines: { node: string };
  dependencies: Record<string, string>;
};
const supported = [...engines.node.matchAll(/\^(\d+)\./g)].map(([, major]) => Number(major));

test("the functions' Node is one that the project is supported on, and types are those of the oldest", () => {
  expect(supported).toContain(FUNCTIONS_NODE);
  expect(Math.min(...supported)).toBe(OLDEST_NODE);
  expect(dependencies["@types/node"]).toMatch(new RegExp(`^${OLDEST_NODE}\\.`));
});

test("a pull request is tested on each version that is supported: on the functions' by default", () => {
  const { inputs } = parse(githubText("actions/prepare/action.yml")) as {
    inputs: { "node-version": { default: string } };
  };
  expect(inputs["node-version"].default).toBe(String(FUNCTIONS_NODE));
  const others = workflow("pull-request.yml").jobs["other-nodes"]?.strategy?.matrix?.node;
  expect([...supported].sort()).toEqual([FUNCTIONS_NODE, ...(others as number[])].sort());
});
