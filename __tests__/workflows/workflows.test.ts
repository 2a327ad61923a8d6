import { parse } from "yaml";
import { needsTheNetwork, wavesOf } from "../../ops/pipeline/waves";
import { build } from "../support/build";
import {
  actionFiles,
  githubText as text,
  scripts,
  type Step,
  workflow,
  workflowFiles as workflows,
} from "../support/workflows";

test("main.yml has a job for each wave of infrastructure", () => {
  const waves = wavesOf(build())
    .map((wave) => wave.filter((stack) => !needsTheNetwork(stack)))
    .filter(({ length }) => length > 0);
  const used = [...text("workflows/main.yml").matchAll(/\.infrastructure\[(\d+)\]/g)].map(([, index]) => Number(index));
  expect(used).toEqual([...waves.keys()]);
});

// actionlint checks whether GitHub accepts them (scripts.test.ts). These tests also run where actionlint is missing.
test.each(workflows)("%s is YAML with jobs, each of steps or another workflow's", (name) => {
  const { on, jobs } = workflow(name);
  expect(Object.keys(on).length).toBeGreaterThan(0);
  for (const [job, { steps, uses }] of Object.entries(jobs)) {
    expect([name, job, (steps === undefined) !== (uses === undefined)]).toEqual([name, job, true]);
    for (const step of steps ?? []) expect((step.run === undefined) !== (step.uses === undefined)).toBe(true);
  }
});

test.each(actionFiles)("%s is YAML with steps, each script with its shell", (path) => {
  const { runs } = parse(text(path)) as { runs: { using: string; steps: Step[] } };
  expect(runs.using).toBe("composite");
  for (const { run, shell } of runs.steps) expect(run === undefined || shell === "bash").toBe(true);
});

test.each([...workflows.map((name) => `workflows/${name}`), ...actionFiles])(
  "%s pins each action of others by commit, with its version beside it",
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

test("a pull request is scanned, by the versions that the project names", () => {
  const steps = workflow("pull-request.yml").jobs.scan?.steps?.flatMap(({ run }) => run ?? []) ?? [];
  expect(steps.join("\n")).toContain("--requirement ops/scanning/requirements.txt");
  expect(steps).toContain("npm run scan");
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

test("the deploying identity signs in after the approval, and every other only reads", () => {
  for (const name of workflows.filter((file) => file !== "apply-stack.yml")) {
    expect(text(`workflows/${name}`)).not.toMatch(/vars\.AZURE_(CODE_)?CLIENT_ID/);
  }
  const { jobs } = workflow("main.yml");
  const before = (job: string): string[] => {
    const needs = [jobs[job]?.needs ?? []].flat();
    return [...needs, ...needs.flatMap(before)];
  };
  const applying = Object.keys(jobs).filter((job) => jobs[job]?.uses?.includes("apply-stack.yml"));
  expect(applying.length).toBeGreaterThan(0);
  for (const job of applying) expect(before(job)).toContain("approve");
});

test("every job that signs in is in an environment, which says who may", () => {
  const signing = workflows.flatMap((name) =>
    Object.entries(workflow(name).jobs).flatMap(([job, { permissions, steps, environment }]) =>
      steps && (permissions ?? workflow(name).permissions)?.["id-token"] === "write"
        ? [[`${name} ${job}`, environment]]
        : [],
    ),
  );
  expect(Object.fromEntries(signing)).toEqual({
    "apply-stack.yml apply": "${{ inputs.environment }}",
    "drift.yml drift": "plan",
    "main.yml plan": "plan",
    "pull-request.yml plan": "pull-request",
  });
});

test("what runs inside the network signs in with an identity that publishes and nothing else", () => {
  for (const [name, { uses, with: inputs }] of Object.entries(workflow("main.yml").jobs)) {
    if (!uses) continue;
    const inside = String(inputs?.["runs-on"]).includes("self-hosted");
    expect([name, inputs?.environment]).toEqual([name, inside ? "code" : "deploy"]);
  }
  expect(workflow("apply-stack.yml").env?.ARM_CLIENT_ID).toBe(
    "${{ inputs.environment == 'code' && vars.AZURE_CODE_CLIENT_ID || vars.AZURE_CLIENT_ID }}",
  );
});

test("paths of artifacts do not leave the workspace by dots, which the action refuses", () => {
  for (const name of workflows) expect(text(`workflows/${name}`)).not.toMatch(/^\s+(path: )?!?\.\.\//m);
});

test("what a caller passes to a script goes by environment, not into its text", () => {
  for (const { title, run } of scripts()) expect([title, run]).toEqual([title, expect.not.stringContaining("${{")]);
});

test("no plan and no state becomes an artifact", () => {
  for (const name of workflows) {
    const uploads = text(`workflows/${name}`).split("upload-artifact@").slice(1);
    for (const upload of uploads)
      expect(upload.split("- uses:")[0]).not.toMatch(/^\s+(path: )?[^!\n]*(plans|tfplan|tfstate)/m);
  }
});
