import type { TokenCredential } from "@azure/identity";
import { type Cloud, cloudOf } from "./cloud";
import { credentialFrom } from "./credential";

/** Who works, in which cloud, on which subscription. */
export interface Session {
  readonly subscription: string;
  readonly cloud: Cloud;
  readonly credential: TokenCredential;
}

/**
 * As azurerm would sign in, by the same variables.
 *
 * @throws Error that names the variable that is missing; Unanswered where the metadata host does not answer
 */
export async function sessionFrom(environment: NodeJS.ProcessEnv): Promise<Session> {
  const subscription = environment.ARM_SUBSCRIPTION_ID;
  if (!subscription)
    throw new Error(
      "ARM_SUBSCRIPTION_ID is not set: it names the subscription of the namespaces. az account show --query id",
    );
  const cloud = await cloudOf(environment.ARM_METADATA_HOSTNAME);
  return { subscription, cloud, credential: credentialFrom(environment, cloud.login) };
}
