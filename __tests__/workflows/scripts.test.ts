import { spawnSync } from "node:child_process";
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { saidIn } from "../../ops/pipeline/plans";
import { has, testWhere } from "../support/programs";
import { GITHUB, type Script, scripts } from "../support/workflows";

const ROOT = join(__dirname, "../..");
const PLANS = join(__dirname, "recorded-plans");
const REFUSAL = join(__dirname, "recorded-refusal");
const withBash = testWhere(has("bash"), "bash is missing");
const withTools = testWhere(has("bash") && has("jq") && has("curl"), "bash, jq or curl is missing");

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "workflow-"));
  mkdirSync(join(folder, "bin"));
  mkdirSync(join(folder, "temp"));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** A program in place of the real one, first on the path. What it was called with goes to `called`. */
function standIn(name: string, body = ""): void {
  const path = join(folder, "bin", name);
  writeFileSync(path, `#!/bin/sh\nprintf '%s\\n' "${name} $*" >> "${join(folder, "called")}"\n${body}\n`);
  chmodSync(path, 0o755);
}

function called(): string[] {
  return existsSync(join(folder, "called")) ? readFileSync(join(folder, "called"), "utf8").trim().split("\n") : [];
}

function scriptOf(title: string): string {
  const found = scripts().find((script) => script.title === title);
  if (!found)
    throw new Error(
      `There is no ${title}, only ${scripts()
        .map((script) => script.title)
        .join("; ")}.`,
    );
  return found.run;
}

/** Runs a step as the runner does, in a clone with nothing of this machine's sign-ins. */
function step(title: string, environment: NodeJS.ProcessEnv = {}, cwd = ROOT) {
  const script = join(folder, "script.sh");
  writeFileSync(script, scriptOf(title));
  const { status, stdout, stderr } = spawnSync("bash", ["-e", script], {
    cwd,
    encoding: "utf8",
    env: {
      PATH: [join(folder, "bin"), process.env.PATH].join(delimiter),
      HOME: process.env.HOME,
      RUNNER_TEMP: join(folder, "temp"),
      GITHUB_OUTPUT: join(folder, "output"),
      GITHUB_STEP_SUMMARY: join(folder, "summary"),
      GITHUB_RUN_ID: "4711",
      CDKTF_OUTDIR: join(folder, "cdktf.out"),
      ...environment,
    },
  });
  const written = (name: string) => (existsSync(join(folder, name)) ? readFileSync(join(folder, name), "utf8") : "");
  return { status, stdout, stderr, output: written("output"), summary: written("summary") };
}

const SIGN_IN = {
  ARM_CLIENT_ID: "client",
  ARM_TENANT_ID: "tenant",
  ARM_SUBSCRIPTION_ID: "subscription",
  ACTIONS_ID_TOKEN_REQUEST_TOKEN: "request-token",
  ACTIONS_ID_TOKEN_REQUEST_URL: "https://github.example/token?api-version=2",
};

/** The Azure CLI, which says where it keeps what it knows; and GitHub's token service. */
function fakeSignIn(): void {
  standIn(
    "az",
    `printf '%s' "$AZURE_CONFIG_DIR" > "${join(folder, "config")}"; case "$*" in *@*) f=$(printf '%s' "$*" | sed 's/.*@//; s/ .*//'); cp "$f" "${join(folder, "assertion")}" ;; esac`,
  );
  standIn("curl", `cat > "${join(folder, "curl-stdin")}"; printf '{"value":"the-assertion"}'`);
}

withBash("every script of the workflows and actions is one for bash", () => {
  const broken = scripts().flatMap(({ title, run }: Script) => {
    const { status, stderr } = spawnSync("bash", ["-n"], { input: run, encoding: "utf8" });
    return status === 0 ? [] : [`${title}: ${stderr}`];
  });
  expect(broken).toEqual([]);
});

test("no script is cut off by a comment of YAML", () => {
  // In a scalar without quotes ` #` begins one; a block scalar takes the text as it is.
  for (const { title, run } of scripts()) {
    for (const quote of ["'", '"']) {
      const count = run.replaceAll(/\\./g, "").split(quote).length - 1;
      expect([title, quote, count % 2]).toEqual([title, quote, 0]);
    }
  }
});

const actionlint = process.env.ACTIONLINT ?? "actionlint";
testWhere(has(actionlint), "actionlint is missing")("actionlint finds nothing", () => {
  const { status, stdout } = spawnSync(actionlint, ["-no-color"], { cwd: ROOT, encoding: "utf8" });
  expect([status, stdout]).toEqual([0, ""]);
});

withBash("main.yml: where the stacks do not synthesize, the step fails and no wave goes on", () => {
  const { status, output } = step("main.yml check: waves", { TOPOLOGY: join(folder, "nowhere.json") });
  expect([status, output]).toEqual([2, ""]);
});

withBash("main.yml: the summary names each resource and what becomes of it", () => {
  cpSync(PLANS, join(folder, "temp/plans"), { recursive: true });
  cpSync(join(REFUSAL, "messaging-eastus2.txt"), join(folder, "temp/plans/refused.txt"));
  const { status, summary } = step("main.yml plan: What is to be approved, resource by resource");
  expect(status).toBe(0);
  expect(summary).toMatchInlineSnapshot(`
    "### code-eastus2

    \`\`\`text
    terraform_data.consumer_publication_509E5645 will be created
    terraform_data.producer_publication_145E2710 will be created
    terraform_data.subscription-is-set will be created
    Plan: 3 to add, 0 to change, 0 to destroy.
    \`\`\`

    ### messaging-centralus

    \`\`\`text
    azurerm_resource_group.resource-group will be created
    azurerm_servicebus_namespace.namespace will be created
    terraform_data.subscription-is-set will be created
    Plan: 3 to add, 0 to change, 0 to destroy.
    \`\`\`

    ### messaging-eastus2

    \`\`\`text
    No changes.
    \`\`\`

    ### refused

    \`\`\`text
    azurerm_resource_group.resource-group will be updated in-place
    azurerm_servicebus_namespace.namespace must be replaced
    failed
    \`\`\`

    "
  `);
});

withBash("the waves are JSON; what the plans say goes from job to job, and into the comment", () => {
  cpSync(PLANS, join(folder, "temp/plans"), { recursive: true });
  cpSync(join(REFUSAL, "messaging-eastus2.txt"), join(folder, "temp/plans/messaging-eastus2.txt"));
  const { status, output } = step(
    "pull-request.yml plan: How much each stack would change, and nothing else of the plans",
  );
  expect(status).toBe(0);
  expect(existsSync(join(folder, "temp/plans"))).toBe(false);
  const [, said = ""] = /^said=(.*)\n$/.exec(output) ?? [];
  expect(JSON.parse(said)).toEqual({
    "code-eastus2": "Plan: 3 to add, 0 to change, 0 to destroy.",
    "messaging-centralus": "Plan: 3 to add, 0 to change, 0 to destroy.",
    // It counts what it would do, and refuses it.
    "messaging-eastus2": "failed",
  });

  // What the job before synthesized; the step for the waves does it too.
  const outdir = join(folder, "temp/stacks/synthesized");
  rmSync(join(folder, "output"));
  const { status: synthesized, output: waves } = step("main.yml check: waves", { CDKTF_OUTDIR: outdir });
  expect(synthesized).toBe(0);
  // In one line, with a region each to approve.
  const [, json = ""] = /^waves=(.*)\n$/.exec(waves) ?? [];
  expect(JSON.parse(json)).toMatchObject({
    regions: expect.any(Array) as unknown,
    code: expect.any(Array) as unknown,
  });
  const [stack = ""] = readdirSync(join(outdir, "stacks"));
  const clone = workingCopy();
  const composed = step(
    "pull-request.yml comment: Compose the comment",
    { SAID: JSON.stringify({ [stack]: "Plan: 3 to add, 0 to change, 0 to destroy." }) },
    clone,
  );
  expect(composed.status).toBe(0);
  expect(readFileSync(join(clone, "comment.md"), "utf8")).toMatch(
    new RegExp(`^\\| ${stack} \\|.*\\| Plan: 3 to add, 0 to change, 0 to destroy\\. \\|$`, "m"),
  );
});

withBash("pull-request.yml: what another job says of its plans becomes no path and no Markdown", () => {
  const clone = workingCopy();
  const { status, stderr } = step(
    "pull-request.yml comment: Compose the comment",
    { SAID: '{"../../etc/passwd":"No changes."}' },
    clone,
  );
  expect([status, stderr]).toEqual([2, expect.stringContaining("--said has")]);
  // As the step would, without a process for each.
  for (const said of [
    '{"code":"[click](https://elsewhere.example)"}',
    '{"code":"Plan: 1 to add, `x`."}',
    "not JSON",
    '{"a b":"failed"}',
  ]) {
    expect(() => saidIn(said)).toThrow("--said");
  }
  expect([...saidIn(""), ...saidIn('{"code":"Plan: 1 to import, 3 to add, 0 to change, 2 to destroy."}')]).toHaveLength(
    1,
  );
});

withTools("signing in leaves nothing behind, and shows no token in the list of processes", () => {
  fakeSignIn();
  standIn("whatever", 'printf "%s" "$AZURE_CONFIG_DIR" >> "$0.config"');
  const { status, stderr } = spawnSync("bash", [join(GITHUB, "sign-in.sh"), "whatever", "a b", "c"], {
    encoding: "utf8",
    env: {
      PATH: [join(folder, "bin"), process.env.PATH].join(delimiter),
      HOME: join(folder, "home"),
      RUNNER_TEMP: join(folder, "temp"),
      ...SIGN_IN,
    },
  });
  expect([status, stderr]).toEqual([0, ""]);
  expect(readFileSync(join(folder, "assertion"), "utf8")).toBe("the-assertion");
  expect(readFileSync(join(folder, "curl-stdin"), "utf8")).toContain("bearer request-token");
  expect(called().join("\n")).not.toMatch(/request-token|the-assertion/);
  expect(called().map((call) => call.split(" ").slice(0, 2).join(" "))).toEqual([
    "curl --silent",
    "az login",
    "az account",
    "whatever a",
    "az logout",
  ]);
  const config = readFileSync(join(folder, "config"), "utf8");
  expect(config.startsWith(join(folder, "temp"))).toBe(true);
  expect([existsSync(config), readdirSync(join(folder, "temp"))]).toEqual([false, []]);
});

withTools("a command that fails after signing in fails the step, signed out all the same", () => {
  fakeSignIn();
  standIn("whatever", "exit 7");
  const { status } = spawnSync("bash", [join(GITHUB, "sign-in.sh"), "whatever"], {
    env: {
      PATH: [join(folder, "bin"), process.env.PATH].join(delimiter),
      RUNNER_TEMP: join(folder, "temp"),
      ...SIGN_IN,
    },
  });
  expect(status).toBe(7);
  expect(called().at(-1)).toBe("az logout");
  expect(readdirSync(join(folder, "temp"))).toEqual([]);
});

withTools("main.yml: plans and the hashes of their providers are kept, and what they say is not", () => {
  fakeSignIn();
  const plans = join(folder, "temp/plans");
  mkdirSync(plans);
  for (const name of ["a.tfplan", "a.lock.hcl", "a.txt"]) writeFileSync(join(plans, name), name);
  standIn("az", `case "$*" in *upload-batch*) ls "${plans}" > "${join(folder, "uploaded")}" ;; esac`);
  const { status } = step("main.yml plan: Keep the plans where only the pipeline reads them", {
    ...SIGN_IN,
    STATE_ACCOUNT: "account",
  });
  expect(status).toBe(0);
  expect(readFileSync(join(folder, "uploaded"), "utf8")).toBe("a.lock.hcl\na.tfplan\n");
  expect(called().find((call) => call.includes("upload-batch"))).toContain(
    "--destination plans --destination-path 4711",
  );
  expect(existsSync(plans)).toBe(false);
});

withBash("main.yml: what is approved is known again by its hash, and no other plan is applied", () => {
  const plans = join(folder, "temp/plans");
  mkdirSync(plans);
  writeFileSync(join(plans, "geo-pair.tfplan"), "the plan");
  const { output } = step("main.yml plan: hashes");
  const [, hashes = ""] = /^hashes=(.*)\n$/.exec(output) ?? [];
  const { "geo-pair": hash = "" } = JSON.parse(hashes) as Record<string, string>;
  expect(hash).toMatch(/^[0-9a-f]{64}$/);
  mkdirSync(join(folder, "temp/plan/4711"), { recursive: true });
  writeFileSync(join(folder, "temp/plan/4711/geo-pair.tfplan"), "another plan");
  const { status, stderr } = step("apply-stack.yml apply: Apply it", { STACK: "geo-pair", SHA256: hash });
  expect([status, stderr]).toEqual([1, expect.stringContaining("is not the plan that was approved")]);
});

withTools("apply-stack.yml: the plan of this run is fetched, applied, and deleted on both sides", () => {
  fakeSignIn();
  standIn("npm");
  const environment = { ...SIGN_IN, STACK: "geo-pair", SHA256: "the-hash", STATE_ACCOUNT: "account" };
  for (const title of ["Fetch the plan that was approved", "Apply it", "Delete it"]) {
    expect(step(`apply-stack.yml apply: ${title}`, environment).status).toBe(0);
  }
  const calls = called();
  expect(calls.find((call) => call.includes("download-batch"))).toContain("--pattern 4711/geo-pair.* ");
  expect(calls.find((call) => call.startsWith("npm"))).toBe(
    `npm run pipeline -- apply geo-pair --sha256 the-hash --plan ${join(folder, "temp/plan/4711/geo-pair.tfplan")}`,
  );
  expect(calls.find((call) => call.includes("delete-batch"))).toContain("--pattern 4711/geo-pair.*");
  expect(existsSync(join(folder, "temp/plan"))).toBe(false);
});

/** The repository's files by links, in a folder that a step may write into. */
function workingCopy(): string {
  const clone = join(folder, "clone");
  mkdirSync(clone);
  for (const name of readdirSync(ROOT)) {
    if (name !== "cdktf.out" && !name.startsWith(".")) spawnSync("ln", ["-s", join(ROOT, name), join(clone, name)]);
  }
  return clone;
}
