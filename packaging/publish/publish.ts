import { readFile } from "node:fs/promises";
import { basename } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { TokenCredential } from "@azure/identity";
import { type Cloud, cloudOf } from "./cloud";
import { credentialFrom } from "./credential";
import type { Target } from "./target";

export interface PublishOptions {
  readonly report: (line: string) => void;
  /** @default the credential that azurerm would use */
  readonly credential?: TokenCredential;
  /** Between two looks at the deployment, in milliseconds. @default 3000 */
  readonly pollMs?: number;
  /** In milliseconds. @default ten minutes */
  readonly timeoutMs?: number;
}

/** Kudu's deployment states (github.com/projectkudu/kudu, DeployStatus). */
const FAILED = 3;
const SUCCEEDED = 4;

interface Deployment {
  readonly complete?: boolean;
  readonly status?: number;
  readonly status_text?: string;
  readonly message?: string;
}

/**
 * Puts a package on a site through its SCM host, with an Entra token, and waits for the site's verdict.
 *
 * @throws Error with what the site answered
 */
export async function publish(target: Target, options: PublishOptions): Promise<void> {
  const { report, pollMs = 3_000, timeoutMs = 600_000 } = options;
  const cloud = await cloudOf(target.metadataHost);
  const credential = options.credential ?? credentialFrom(target.environment, cloud.login);
  const authorization = await bearer(credential, cloud);
  const host = await scmHost(target.siteId, cloud, authorization);
  const content = await readFile(target.packagePath);
  const name = basename(target.packagePath);
  report(`Publishing ${name} (${content.byteLength} bytes, sha256 ${target.packageHash.slice(0, 12)}) to ${host}`);

  const deadline = Date.now() + timeoutMs;
  const query = new URLSearchParams({ isAsync: "true", message: target.packageHash });
  const accepted = await ask(`https://${host}/api/zipdeploy?${query.toString()}`, {
    method: "POST",
    headers: { authorization, "content-type": "application/zip" },
    body: new Uint8Array(content),
  });
  await accepted.body?.cancel();
  const status = accepted.headers.get("location") ?? `https://${host}/api/deployments/latest`;
  for (;;) {
    const deployment = (await (await ask(status, { headers: { authorization } })).json()) as Deployment;
    if (deployment.status === SUCCEEDED) {
      report(`${name} runs on ${host}`);
      return;
    }
    if (deployment.status === FAILED || deployment.complete === true) {
      throw new Error(
        `publish: ${host} could not deploy ${name}: ${deployment.status_text ?? JSON.stringify(deployment)}`,
      );
    }
    if (Date.now() > deadline) {
      throw new Error(`publish: ${host} had not finished deploying ${name} after ${timeoutMs / 1_000} s.`);
    }
    await sleep(pollMs);
  }
}

async function bearer(credential: TokenCredential, { resourceManager }: Cloud): Promise<string> {
  const token = await credential.getToken(`${resourceManager}/.default`);
  if (!token)
    throw new Error("publish: no token: sign in with `az login`, or set the ARM_* variables that azurerm uses.");
  return `Bearer ${token.token}`;
}

/** The host of kind Repository: with its default name it is <app>.scm.azurewebsites.net, but it need not have that name. */
async function scmHost(siteId: string, { resourceManager }: Cloud, authorization: string): Promise<string> {
  const response = await ask(`${resourceManager}${siteId}?api-version=2023-12-01`, { headers: { authorization } });
  const { properties } = (await response.json()) as {
    properties?: { hostNameSslStates?: { name: string; hostType: string }[] };
  };
  const host = properties?.hostNameSslStates?.find(({ hostType }) => hostType === "Repository")?.name;
  if (!host) throw new Error(`publish: ${siteId} has no SCM host.`);
  return host;
}

async function ask(url: string, init: RequestInit): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(url, init);
  } catch (cause) {
    const { host } = new URL(url);
    const why = cause instanceof Error && cause.cause instanceof Error ? cause.cause.message : String(cause);
    throw new Error(
      `publish: ${host} cannot be reached (${why}). The SCM host has a private address only: run this where the spoke's endpoint is reachable and resolves, as docs/architecture.md says.`,
      { cause },
    );
  }
  if (response.ok) return response;
  const answer = (await response.text()).slice(0, 2_000);
  throw new Error(`publish: ${init.method ?? "GET"} ${url} answered ${response.status}: ${answer || "(no body)"}`);
}
