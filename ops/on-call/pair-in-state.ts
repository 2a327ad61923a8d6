import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Read } from "../../operator/service-bus-management";
import { DEFAULT_OUTDIR } from "../../synthesize";
import { geoPairStackName } from "../../topology/names";
import type { Stamp } from "../../topology/schema";
import { terraformBinary } from "../terraform";

const PAIRING = "azurerm_servicebus_namespace_disaster_recovery_config";
const ENTITIES = ["azurerm_servicebus_queue", "azurerm_servicebus_topic"];
const TIMEOUT_MS = 60_000;

interface State {
  readonly resources?: readonly {
    readonly type: string;
    readonly instances: readonly { readonly attributes: Readonly<Record<string, unknown>> }[];
  }[];
}

/** What Terraform's state has of a pair. */
export interface PairInState {
  /** The names of the primary and the secondary; none: the state has no pairing. */
  readonly pairing?: { readonly primary: string; readonly secondary: string };
  /** The names of the namespaces that its entities are on. */
  readonly homes: readonly string[];
}

/** Reads the state of the geo-pair stack, and changes nothing. */
export async function pairInState(stamp: Stamp): Promise<Read<PairInState>> {
  const name = geoPairStackName(stamp);
  const folder = join(process.env.CDKTF_OUTDIR || DEFAULT_OUTDIR, "stacks", name);
  if (!existsSync(folder)) return { unread: `not read: ${folder} is not there (npm run synth)` };
  const pulled = await pull(folder);
  if ("failed" in pulled) return { unread: `not read: ${pulled.failed}` };
  if (pulled.text.trim() === "") return { unread: `${name} has no state: it was not deployed from here` };
  const { resources = [] } = JSON.parse(pulled.text) as State;
  const attributesOf = (type: string) =>
    resources
      .filter((resource) => resource.type === type)
      .flatMap(({ instances }) => instances.map((each) => each.attributes));
  const last = (id: unknown) => String(id).split("/").at(-1) ?? "";
  const [pairing] = attributesOf(PAIRING);
  const homes = ENTITIES.flatMap((type) => attributesOf(type).map(({ namespace_id }) => last(namespace_id)));
  return {
    value: {
      ...(pairing
        ? { pairing: { primary: last(pairing.primary_namespace_id), secondary: last(pairing.partner_namespace_id) } }
        : {}),
      homes: [...new Set(homes)].sort(),
    },
  };
}

/** In one sentence; where the state cannot be read, why not. */
export function stateText(stamp: Stamp, state: Read<PairInState>): string {
  if ("unread" in state) return state.unread;
  const { pairing, homes } = state.value;
  const pair = pairing ? `pairs ${pairing.primary} with ${pairing.secondary}` : "has no pairing";
  return `${geoPairStackName(stamp)} ${pair}; its entities are on ${homes.join(" and ") || "no namespace"}`;
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
