import { readFile } from "node:fs/promises";
import { basename } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { TokenCredential } from "@azure/identity";
import { ask, askJson, PASSING_AT_A_SITE, type Patience, patiently, Unanswered } from "../../operator/asking";
import { type Cloud, cloudOf } from "../../operator/cloud";
import { credentialFrom } from "../../operator/credential";
import type { SitePublication } from "./site-publication";

export interface PublishOptions {
  readonly report: (line: string) => void;
  /** @default the credential that azurerm would use */
  readonly credential?: TokenCredential;
  /** Between two looks at the deployment, in milliseconds. @default 3000 */
  readonly pollMs?: number;
  /** In milliseconds. @default ten minutes */
  readonly timeoutMs?: number;
  /** Before the first try after a failure, in milliseconds; doubled each time. @default 2000 */
  readonly retryMs?: number;
}

/** Kudu's deployment states (github.com/projectkudu/kudu, DeployStatus). */
const FAILED = 3;
const SUCCEEDED = 4;

interface Deployment {
  readonly id?: string;
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
export async function publish(publication: SitePublication, options: PublishOptions): Promise<void> {
  const { report, pollMs = 3_000, timeoutMs = 600_000, retryMs = 2_000 } = options;
  const deadline = Date.now() + timeoutMs;
  const patience: Patience = { deadline, retryMs, report };
  const cloud = await patiently(patience, () => cloudOf(publication.metadataHost));
  const credential = options.credential ?? credentialFrom(publication.environment, cloud.login);
  const authorization = await patiently(patience, () => bearer(credential, cloud));
  const host = await patiently(patience, () => scmHost(publication.siteId, cloud, authorization));
  const content = await readFile(publication.packagePath);
  const name = basename(publication.packagePath);
  report(`Publishing ${name} (${content.byteLength} bytes, sha256 ${publication.packageHash.slice(0, 12)}) to ${host}`);

  const site: Site = { ...patience, host, authorization, name, hash: publication.packageHash };
  const status = await push(site, content);
  for (;;) {
    const deployment = (await patiently(site, () =>
      askJson(status, { headers: { authorization } }, PASSING_AT_A_SITE),
    )) as Deployment;
    if (deployment.status === SUCCEEDED) {
      report(`${name} runs on ${host}`);
      return;
    }
    if (deployment.status === FAILED || deployment.complete === true) {
      throw new Error(`${host} could not deploy ${name}: ${deployment.status_text ?? JSON.stringify(deployment)}`);
    }
    if (Date.now() > deadline) {
      throw new Error(`${host} had not finished deploying ${name} after ${timeoutMs / 1_000} s.`);
    }
    await sleep(pollMs);
  }
}

/** A site's SCM host, and how patient to be with it. */
interface Site extends Patience {
  readonly host: string;
  readonly authorization: string;
  readonly name: string;
  /** In the message of the deployment: by it one is found again. */
  readonly hash: string;
}

/**
 * Posts the package. Where the answer is lost, the site may have it all the same: the deployment that is there then is gone on with, and not made again.
 *
 * @returns where its state is asked for
 */
async function push(site: Site, content: Uint8Array): Promise<string> {
  const { host, authorization, hash } = site;
  const headers = { authorization };
  const deployments = async () =>
    (await askJson(`https://${host}/api/deployments`, { headers }, PASSING_AT_A_SITE)) as Deployment[];
  // A new endpoint answers 403 or 404 for a while: this asks until it does no more.
  const before = new Set((await patiently(site, deployments)).map(({ id }) => id));
  const query = new URLSearchParams({ isAsync: "true", message: hash });
  let posted = false;
  return await patiently(site, async () => {
    const made = posted
      ? (await deployments()).find(({ id, message }) => message === hash && !before.has(id))
      : undefined;
    if (made) return `https://${host}/api/deployments/${made.id ?? "latest"}`;
    posted = true;
    const accepted = await ask(
      `https://${host}/api/zipdeploy?${query.toString()}`,
      {
        method: "POST",
        headers: { ...headers, "content-type": "application/zip" },
        body: new Uint8Array(content),
      },
      PASSING_AT_A_SITE,
    );
    return stateAt(host, accepted.headers.get("location"));
  });
}

/**
 * Where the deployment's state is asked for, with the token: at the site's own SCM host, by https, and nowhere else.
 *
 * @param location what the site answered @throws Error where it leads to another host
 */
function stateAt(host: string, location: string | null): string {
  const latest = `https://${host}/api/deployments/latest`;
  const url = URL.canParse(location ?? "", latest) ? new URL(location ?? "", latest) : undefined;
  if (url?.origin !== new URL(latest).origin || url.username !== "" || url.password !== "") {
    throw new Error(
      `${host} answered that its deployment is at ${location ?? "nowhere"}. Only https://${host} gets the token: something else answered for the site, or it was changed on the way.`,
    );
  }
  return location === null ? latest : url.href;
}

async function bearer(credential: TokenCredential, { resourceManager }: Cloud): Promise<string> {
  const token = await credential.getToken(`${resourceManager}/.default`).catch((cause: unknown) => {
    throw signInFailed(cause);
  });
  if (!token) throw new Error("no token: sign in with `az login`, or set the ARM_* variables that azurerm uses.");
  return `Bearer ${token.token}`;
}

/** The network's answer may change with time, the directory's not. */
function signInFailed(cause: unknown): unknown {
  if (cause instanceof Unanswered) return cause;
  const { code, message } = cause instanceof Error ? (cause as NodeJS.ErrnoException) : { code: "", message: "" };
  const words = `${code ?? ""} ${message}`;
  if (
    !/\b(ECONN\w+|ETIMEDOUT|EAI_AGAIN|ENOTFOUND|EPIPE|ENETUNREACH|EHOSTUNREACH|network_error|REQUEST_SEND_ERROR)\b/.test(
      words,
    )
  )
    return cause;
  return new Unanswered(`no token yet: ${message}`, true, cause);
}

/** The host of kind Repository: with its default name it is <app>.scm.azurewebsites.net, but it need not have that name. */
async function scmHost(siteId: string, { resourceManager }: Cloud, authorization: string): Promise<string> {
  const { properties } = (await askJson(`${resourceManager}${siteId}?api-version=2023-12-01`, {
    headers: { authorization },
  })) as {
    properties?: { hostNameSslStates?: { name: string; hostType: string }[] };
  };
  const host = properties?.hostNameSslStates?.find(({ hostType }) => hostType === "Repository")?.name;
  if (!host || !/^[a-z0-9-]+(\.[a-z0-9-]+)+$/i.test(host)) throw new Error(`${siteId} has no SCM host.`);
  return host;
}
