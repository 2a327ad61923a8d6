import { join } from "node:path";
import { networkOf } from "../../azure-facts/arm-ids";
import { guidOf } from "../azure/guid";
import type { LocalAzure } from "../local-azure";
import { bundleProgram } from "../functions-host/worker-bundle";
import { REDIRECTS } from "../functions-host/worker/redirects";
import { TENANT } from "../resource-manager/resource-manager";

export interface OperatorHostProps {
  /** The subscription of what is deployed. */
  readonly subscription: string;
  /** Where in the network the host is: the ARM id of its subnet, and its address. @default outside of every network */
  readonly at?: { readonly subnetId: string; readonly address: string };
  /** The object id of who works there. @default one that no role is assigned to */
  readonly principalId?: string;
  /** Where its program for names and ports is written. */
  readonly folder: string;
}

/**
 * The environment of a host of people on call: signed in to the local Azure, with the names and the connections of its place in the network. Programs that it starts know nothing of the
 * local Azure but this.
 */
export async function operatorEnvironment(
  local: LocalAzure,
  props: OperatorHostProps,
): Promise<Record<string, string>> {
  const { subscription, at, principalId, folder } = props;
  const { resourceManager, authorityPath, azure } = local;
  const clientId = guidOf(`operator host ${at?.address ?? "outside"} ${principalId ?? ""}`);
  if (principalId !== undefined) azure.identities.put({ id: `/local/operators/${clientId}`, clientId, principalId });
  const preload = join(folder, "operator.cjs");
  bundleProgram(join(__dirname, "preload.ts"), preload);
  const redirects = await local.redirectsAt(at && { networkId: networkOf(at.subnetId), address: at.address });
  return {
    ARM_SUBSCRIPTION_ID: subscription,
    ARM_TENANT_ID: TENANT,
    ARM_CLIENT_ID: clientId,
    ARM_CLIENT_SECRET: resourceManager.clientSecret,
    ARM_METADATA_HOSTNAME: `localhost:${resourceManager.port}`,
    NODE_EXTRA_CA_CERTS: authorityPath,
    NODE_OPTIONS: `--require "${preload}"`,
    [REDIRECTS]: JSON.stringify(redirects),
  };
}
