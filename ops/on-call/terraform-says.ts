import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { DEFAULT_OUTDIR } from "../../synthesize";
import { geoPairStackName } from "../../topology/names";
import type { Stamp } from "../../topology/schema";
import { terraformBinary } from "../terraform";

const PAIRING = "azurerm_servicebus_namespace_disaster_recovery_config";
const TIMEOUT_MS = 60_000;

interface State {
  readonly resources?: readonly {
    readonly type: string;
    readonly instances: readonly { readonly attributes: Readonly<Record<string, unknown>> }[];
  }[];
}

/** What Terraform's state has of the pair, in one sentence; where it cannot be read, why not. It is read only. */
export async function terraformSays(stamp: Stamp): Promise<string> {
  const name = geoPairStackName(stamp);
  const folder = join(process.env.CDKTF_OUTDIR || DEFAULT_OUTDIR, "stacks", name);
  if (!existsSync(folder)) return `not read: ${folder} is not there (npm run synth)`;
  const pulled = await pull(folder);
  if ("failed" in pulled) return `not read: ${pulled.failed}`;
  if (pulled.text.trim() === "") return `${name} has no state: it was not deployed from here`;
  const { resources = [] } = JSON.parse(pulled.text) as State;
  const attributesOf = (type: string) =>
    resources
      .filter((resource) => resource.type === type)
      .flatMap(({ instances }) => instances.map((each) => each.attributes));
  const last = (id: unknown) => String(id).split("/").at(-1) ?? "";
  const [pairing] = attributesOf(PAIRING);
  const homes = new Set(
    ["azurerm_servicebus_queue", "azurerm_servicebus_topic"].flatMap((type) =>
      attributesOf(type).map(({ namespace_id }) => last(namespace_id)),
    ),
  );
  const pair = pairing
    ? `pairs ${last(pairing.primary_namespace_id)} with ${last(pairing.partner_namespace_id)}`
    : "has no pairing";
  return `${name} ${pair}; its entities are on ${[...homes].sort().join(" and ") || "no namespace"}`;
}

function pull(folder: string): Promise<{ readonly text: string } | { readonly failed: string }> {
  return new Promise((done) => {
    const child = spawn(terraformBinary(), ["state", "pull"], {
      cwd: folder,
      stdio: ["ignore", "pipe", "pipe"],
      timeout: TIMEOUT_MS,
      env: { ...process.env, CHECKPOINT_DISABLE: "1" },
    });
    const [text, words]: [Buffer[], Buffer[]] = [[], []];
    child.stdout.on("data", (chunk: Buffer) => text.push(chunk));
    child.stderr.on("data", (chunk: Buffer) => words.push(chunk));
    child.once("error", () => {
      done({ failed: `there is no ${terraformBinary()} on this machine` });
    });
    child.once("close", (code) => {
      const said = Buffer.concat(words).toString();
      if (code === 0) done({ text: Buffer.concat(text).toString() });
      else done({ failed: firstSentence(said) || `${terraformBinary()} state pull ended with ${String(code)}` });
    });
  });
}

function firstSentence(words: string): string {
  // eslint-disable-next-line no-control-regex -- Terraform's colours
  const plain = words.replace(/\u001b\[[0-9;]*m/g, "").replace(/[╷│╵]/g, "");
  return (
    plain
      .trim()
      .split("\n")[0]
      ?.replace(/^Error: /, "") ?? ""
  );
}
