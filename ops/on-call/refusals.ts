import { Failure, MissingRequirement } from "../../failure";
import { resolved } from "../../operator/network";

/** @throws MissingRequirement where the namespaces do not resolve into the network: messages are reached from there only */
export async function refuseOutside(hosts: readonly string[]): Promise<void> {
  const names = await Promise.all([...new Set(hosts)].map(resolved));
  const outside = names.filter(({ isPrivate }) => !isPrivate).map(({ says }) => says);
  if (outside.length === 0) return;
  throw new MissingRequirement(
    `This host is not in the network, and nothing was changed: ${outside.join("; ")}. Run the command on a host of access.operators.ranges that asks the region's forwarders.`,
  );
}

/** What Service Bus refuses, said for who reads it. */
export function refused(error: unknown, entity: string): Failure {
  // Where it was tried several times, each try has an error of its own.
  const last: unknown = error instanceof AggregateError ? error.errors.at(-1) : error;
  const { code, message = String(last) } = last as { readonly code?: string; readonly message?: string };
  if (code === "UnauthorizedAccess") {
    return new Failure(
      `You may not read or send the messages of ${entity}: access.operators.principals in the topology gives that right. ${message}`,
    );
  }
  return new Failure(`${entity}: ${message}`);
}
