import { spawn, spawnSync } from "node:child_process";
import { cpSync, mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { has } from "../support/programs";
import type { ClientLanguage } from "./capabilities";

const PREPARE_MS = 300_000;

/** What a language needs of the machine beside Node, and how its libraries come from its registry. */
const NEEDS: Readonly<Record<ClientLanguage, { readonly programs: readonly string[]; readonly install?: string }>> = {
  node: { programs: [] },
  python: {
    programs: ["python3"],
    install: "python3 -m venv venv && venv/bin/pip install --quiet --requirement requirements.txt",
  },
  go: { programs: ["go"], install: "go build -o client ." },
  java: {
    programs: ["java", "keytool", "mvn"],
    install: "mvn --quiet --batch-mode compile dependency:build-classpath -Dmdep.outputFile=classpath",
  },
};

/** How the program is started in its folder. */
const START: Readonly<Record<ClientLanguage, string>> = {
  node: `node '${join(__dirname, "node", "client.cjs")}'`,
  python: "venv/bin/python client.py",
  go: "./client",
  java: [
    'keytool -importcert -noprompt -file "$CA_FILE" -keystore trust.p12 -storetype PKCS12 -storepass changeit 2> /dev/null',
    'java -Djavax.net.ssl.trustStore=trust.p12 -Djavax.net.ssl.trustStorePassword=changeit -cp "target/classes:$(cat classpath)" Client',
  ].join(" && "),
};

/** A copy of a language's program with its libraries, or what is missing here. */
export type Prepared = { readonly folder: string } | { readonly missing: string };

export function prepared(language: ClientLanguage): Prepared {
  const { programs, install } = NEEDS[language];
  const missing = programs.filter((program) => !has(program));
  if (missing.length > 0) return { missing: `${missing.join(", ")} is not here` };
  const folder = mkdtempSync(join(tmpdir(), `locked-down-client-${language}-`));
  cpSync(join(__dirname, language), folder, { recursive: true });
  if (install === undefined) return { folder };
  const { status, stderr } = spawnSync("bash", ["-c", install], { cwd: folder, encoding: "utf8", timeout: PREPARE_MS });
  return status === 0 ? { folder } : { missing: `its libraries could not be installed: ${stderr.slice(0, 300)}` };
}

/** Runs a command in a shell, and gives what it printed. @throws Error where it fails */
export async function shell(
  command: string,
  folder: string,
  variables: Readonly<Record<string, string>>,
): Promise<string> {
  const child = spawn("bash", ["-c", command], {
    cwd: folder,
    env: { ...process.env, ...variables },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const [code, out, errors] = await Promise.all([
    new Promise<number | null>((done) => child.once("exit", done)),
    text(child.stdout),
    text(child.stderr),
  ]);
  if (code !== 0) throw new Error(`${command} ended with ${String(code)}:\n${out}\n${errors}`);
  return out;
}

export async function runProgram(
  language: ClientLanguage,
  folder: string,
  variables: Readonly<Record<string, string>>,
): Promise<readonly { readonly id: string; readonly error?: string }[]> {
  const printed = await shell(START[language], folder, variables);
  return printed
    .split("\n")
    .filter((line) => line.startsWith("{"))
    .map((line) => JSON.parse(line) as { id: string; error?: string });
}
