/** A DNS forwarder, as far as it decides what is answered. */
export interface Forwarder {
  /** The virtual machine's ARM id. */
  readonly id: string;
  /** The ARM id of the network that it is in: that network's zone links count. */
  readonly networkId: string;
  readonly addresses: readonly string[];
  /** The ARM ids of the networks whose hosts it answers. @default every network that reaches it */
  readonly answersFor?: readonly string[];
  /** Hosts, and `*.zone` for every name under a zone. @default every name is answered */
  readonly listed?: readonly string[];
}

/**
 * What the script of a run command makes of a forwarder: BIND's policy is read as BIND would read it, from the text that is deployed.
 *
 * @returns nothing where the script configures no forwarder
 */
export function forwarderOf(
  machine: Pick<Forwarder, "id" | "networkId" | "addresses">,
  script: string,
): Forwarder | undefined {
  const configuration = /<< 'NAMED_CONF'\n([\s\S]*?)\nNAMED_CONF\n/.exec(script)?.[1];
  if (configuration === undefined) return undefined;
  if (!configuration.includes("response-policy")) return { ...machine };
  const zone = /<< 'LISTED_ZONE'\n([\s\S]*?)\nLISTED_ZONE\n/.exec(script)?.[1] ?? "";
  const listed = [...zone.matchAll(/^(\S+) CNAME rpz-passthru\.$/gm)].map(([, name = ""]) => name.toLowerCase());
  return { ...machine, listed };
}

/** Whether a forwarder answers for a name that is asked for; what the name leads to is no question. */
export function answers({ listed }: Forwarder, name: string): boolean {
  return !listed || isListed(listed, name);
}

/** Whether a list of hosts and `*.zone` has a name. */
export function isListed(listed: readonly string[], name: string): boolean {
  const labels = name.split(".");
  return (
    listed.includes(name) ||
    labels.some((_, index) => index > 0 && listed.includes(`*.${labels.slice(index).join(".")}`))
  );
}
