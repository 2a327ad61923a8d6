import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { validateAction, validateWorkflow } from "@action-validator/core";
import { parse } from "yaml";

const ROOT = join(__dirname, "../../.github");
const workflows = readdirSync(join(ROOT, "workflows"));
const text = (path: string) => readFileSync(join(ROOT, path), "utf8");

interface Workflow {
  readonly on: Readonly<Record<string, unknown>>;
  readonly permissions?: Readonly<Record<string, string>>;
  readonly jobs: Readonly<
    Record<
      string,
      { readonly if?: string; readonly permissions?: Readonly<Record<string, string>>; readonly uses?: string }
    >
  >;
}
const workflow = (name: string) => parse(text(`workflows/${name}`)) as Workflow;

test.each(workflows)("%s is a workflow that GitHub takes", (name) => {
  expect(validateWorkflow(text(`workflows/${name}`)).errors).toEqual([]);
});

test("so is the action that they share", () => {
  expect(validateAction(text("actions/prepare/action.yml")).errors).toEqual([]);
});

test.each([...workflows.map((name) => `workflows/${name}`), "actions/prepare/action.yml"])(
  "%s pins each action of somebody else's by commit, with its version beside it",
  (path) => {
    const uses = [...text(path).matchAll(/uses: (\S+)(.*)/g)].filter(([, action = ""]) => !action.startsWith("./"));
    for (const [line] of uses) expect(line).toMatch(/@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
  },
);

test.each(workflows)("%s asks for no right that it was not given by name, and no secret at all", (name) => {
  const { permissions, jobs } = workflow(name);
  expect(permissions).toBeDefined();
  const granted = [permissions, ...Object.values(jobs).map((job) => job.permissions)].flatMap((rights) =>
    Object.entries(rights ?? {}),
  );
  for (const right of granted) {
    expect(["contents:read", "id-token:write", "pull-requests:write"]).toContain(right.join(":"));
  }
  expect(text(`workflows/${name}`)).not.toContain("secrets.");
});

test("a fork gets no token: what signs in asks where the pull request comes from", () => {
  const { on, jobs } = workflow("pull-request.yml");
  expect(Object.keys(on)).toEqual(["pull_request"]);
  for (const job of Object.values(jobs)) {
    if (job.permissions?.["id-token"] !== "write") continue;
    expect(job.if).toContain("head.repo.full_name == github.repository");
  }
});

test("no matrix ends its siblings in the middle of an apply", () => {
  for (const name of workflows) {
    const matrices = text(`workflows/${name}`).match(/^\s+matrix:/gm) ?? [];
    expect(text(`workflows/${name}`).match(/fail-fast: false/g) ?? []).toHaveLength(matrices.length);
  }
});

test("pull requests sign in as somebody who only reads", () => {
  expect(text("workflows/pull-request.yml")).not.toContain("vars.AZURE_CLIENT_ID");
  expect(text("workflows/drift.yml")).not.toContain("vars.AZURE_CLIENT_ID");
});

test("paths of artifacts do not leave the workspace by dots, which the action refuses", () => {
  for (const name of workflows) expect(text(`workflows/${name}`)).not.toMatch(/^\s+(path: )?!?\.\.\//m);
});

test("what a caller passes to a script goes by environment, not into its text", () => {
  for (const name of workflows) {
    const scripts = [...text(`workflows/${name}`).matchAll(/run: (?:\|\n((?:\s{10,}.*\n)+)|(.*))/g)].map(
      ([script]) => script,
    );
    for (const script of scripts) expect(script).not.toContain("${{");
  }
});

test("no plan and no state becomes an artifact", () => {
  for (const name of workflows) {
    const uploads = text(`workflows/${name}`).split("upload-artifact@").slice(1);
    for (const upload of uploads)
      expect(upload.split("- uses:")[0]).not.toMatch(/^\s+(path: )?[^!\n]*(plans|tfplan|tfstate)/m);
  }
});
