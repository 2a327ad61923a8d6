import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { MissingRequirement } from "../../failure";
import { compared } from "../../ops/terrain/differences";
import { copyRenamed, npmFailure, TERRAIN } from "../../ops/terrain/renamed-copy";
import { build } from "../support/build";
import { topologyWith } from "../support/topologies";

const folder = mkdtempSync(join(tmpdir(), "terrain-"));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

test("a copy imports CDK Terrain, and nothing of cdktf", () => {
  const copy = join(folder, "copy");
  expect(copyRenamed(copy)).toBeGreaterThan(20);
  const source = readFileSync(join(copy, "stacks", "network-stack.ts"), "utf8");
  expect(source).toMatch(/from "cdktn"|from "@cdktn\/provider-azurerm\//);
  expect(source).not.toMatch(/from "cdktf"|from "@cdktf\//);
  const { dependencies, overrides } = JSON.parse(readFileSync(join(copy, "package.json"), "utf8")) as {
    dependencies: Record<string, string>;
    overrides: Record<string, unknown>;
  };
  expect(dependencies).toMatchObject(TERRAIN);
  expect(dependencies).not.toHaveProperty("cdktf");
  expect(overrides["@cdktn/provider-azurerm"]).toEqual({ cdktn: TERRAIN.cdktn });
});

test("of two syntheses the versions are told from every other difference", () => {
  const one = build(topologyWith());
  expect(compared(one, one)).toMatchObject({ versions: [], others: [] });
  const other = one.map((stack) => ({
    ...stack,
    json: { ...stack.json, terraform: { ...stack.json.terraform, required_providers: { azurerm: { version: "9" } } } },
  }));
  const [first, ...rest] = other;
  if (!first) throw new Error("There is no stack.");
  const { versions, others } = compared(one, [{ ...first, json: { ...first.json, output: { extra: {} } } }, ...rest]);
  expect(versions).toContainEqual(expect.stringContaining('→ "9"'));
  expect(others).toContainEqual(expect.stringContaining(`${first.name}: output`));
  const reordered = one.map((stack) => (stack === one.at(-1) ? { ...stack, dependencies: [] } : stack));
  expect(compared(one, reordered).others).toEqual([expect.stringContaining("dependencies")]);
  expect(compared(one, one.slice(1)).others).toEqual([`${one[0]?.name ?? ""}: only with cdktf`]);
});

test("a registry that is not reached is told from packages that it does not have, or that do not fit", () => {
  // The message can name a package with the word network in its name.
  const failure = (code: string) => npmFailure(`npm error code ${code}\nnpm error @azure/arm-network\n`);
  for (const code of ["ENOTFOUND", "ECONNRESET", "E503"]) expect(failure(code)).toBeInstanceOf(MissingRequirement);
  for (const code of ["E404", "ERESOLVE"]) expect(failure(code)).not.toBeInstanceOf(MissingRequirement);
});
