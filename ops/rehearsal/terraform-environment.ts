import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { rootCertificates } from "node:tls";
import { buildSync } from "esbuild";
import { OLDEST_NODE } from "../../azure-facts/functions-node";
import { AGENT_PORT } from "../../local/resource-manager/publishing/agent-port";
import { TENANT, type ResourceManager } from "../../local/resource-manager/resource-manager";

/** A subscription that does not exist. */
export const REHEARSAL_SUBSCRIPTION = "10ca1a2e-0000-4000-8000-00000000a2e0";
const CLIENT = "10ca1a2e-0000-4000-8000-0000000c11e7";

/** Variables by which azurerm, or a library of Azure's, would sign in somewhere else. */
const SIGN_IN = /^(ARM|AZURE|MSI|IDENTITY)_/;

/** The environment of the operator's programs, with which they deploy to the local Azure and to nothing else. */
export function localEnvironment(
  manager: Pick<ResourceManager, "port" | "clientSecret">,
  authorityPath: string,
  folder: string,
): Record<string, string> {
  const bundle = join(folder, "certificates.pem");
  const authority = readFileSync(authorityPath, "utf8");
  // Terraform still has to trust its registry.
  writeFileSync(bundle, [systemCertificates(), authority].join("\n"));
  return {
    ARM_SUBSCRIPTION_ID: REHEARSAL_SUBSCRIPTION,
    ARM_TENANT_ID: TENANT,
    ARM_CLIENT_ID: CLIENT,
    ARM_CLIENT_SECRET: manager.clientSecret,
    ARM_METADATA_HOSTNAME: `localhost:${manager.port}`,
    SSL_CERT_FILE: bundle,
    NODE_EXTRA_CA_CERTS: authorityPath,
    NODE_OPTIONS: `--require "${agentPreload(folder)}"`,
    [AGENT_PORT]: String(manager.port),
    CHECKPOINT_DISABLE: "1",
  };
}

/** A user's environment without another sign-in in it. */
export function withoutSignIn(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(environment).filter(([name]) => !SIGN_IN.test(name)));
}

/** Those that this machine's programs trust by themselves, or Node's. */
function systemCertificates(): string {
  const { SSL_CERT_FILE } = process.env;
  const found = [SSL_CERT_FILE, "/etc/ssl/certs/ca-certificates.crt", "/etc/ssl/cert.pem"].find(
    (path) => path !== undefined && existsSync(path),
  );
  return found === undefined ? rootCertificates.join("\n") : readFileSync(found, "utf8");
}

function agentPreload(folder: string): string {
  const outfile = join(folder, "agent-preload.cjs");
  buildSync({
    entryPoints: [join(__dirname, "../../local/resource-manager/publishing/agent-preload.ts")],
    outfile,
    bundle: true,
    platform: "node",
    target: `node${OLDEST_NODE}`,
    format: "cjs",
    logLevel: "warning",
  });
  return outfile;
}
