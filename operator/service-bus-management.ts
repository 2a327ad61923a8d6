import { ServiceBusManagementClient } from "@azure/arm-servicebus";
import type { Session } from "./session";

/** A person waits: a region that is down is found out in seconds. */
const RETRIES = { maxRetries: 1, retryDelayInMs: 500 };

/** Service Bus' part of Resource Manager, by Azure's own library. */
export function serviceBusManagement({ credential, subscription, cloud }: Session): ServiceBusManagementClient {
  return new ServiceBusManagementClient(credential, subscription, {
    endpoint: cloud.resourceManager,
    credentialScopes: [`${cloud.resourceManager}/.default`],
    retryOptions: RETRIES,
  });
}

/** A namespace, as Resource Manager's calls name it. */
export interface NamespaceName {
  readonly resourceGroup: string;
  readonly namespace: string;
}

/** What was read, or why it could not be. */
export type Read<T> = { readonly value: T } | { readonly unread: string };

/** What an error of Azure's library says, in one line. */
export async function read<T>(asking: () => Promise<T>): Promise<Read<T>> {
  try {
    return { value: await asking() };
  } catch (error) {
    return { unread: reasonOf(error) };
  }
}

/** The first line of what Azure answered, with its code. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { code, statusCode } = error as { code?: unknown; statusCode?: unknown };
  const [line = ""] = error.message.split("\n");
  const prefix = [statusCode, code].filter((each) => typeof each === "string" || typeof each === "number").join(" ");
  return prefix === "" || line.startsWith(prefix) ? line : `${prefix}: ${line}`;
}

/** Whether Azure answered that there is no such thing. */
export function isMissing(error: unknown): boolean {
  return (error as { statusCode?: unknown }).statusCode === 404;
}
