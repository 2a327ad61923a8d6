import { heldIn } from "../../../operator/emptiness";
import { entitiesOf } from "../../../operator/entities";
import { messageCountsOf } from "../../../operator/message-counts";
import { resolved } from "../../../operator/network";
import { serviceBusClient } from "../../../operator/links";
import { serviceBusHost } from "../../../topology/names";
import { refused } from "../refusals";
import type { OwnNamespace, StampOnCall } from "../stamp-on-call";

/** Whether a namespace is empty: what it holds, one sentence for each entity, and what lets no receiver in and was not looked into; or why that is not known. */
export type Emptiness =
  { readonly held: readonly string[]; readonly closed: readonly string[] } | { readonly unknown: string };

/** Asks Resource Manager for the counts, and looks into each entity. Nothing is changed. */
export async function emptinessOf({ bus, session }: StampOnCall, own: OwnNamespace): Promise<Emptiness> {
  const counts = await messageCountsOf(bus, own);
  if ("unread" in counts) return { unknown: `${own.namespace} cannot be read (${counts.unread})` };
  const host = serviceBusHost(own.namespace);
  const { isPrivate, says } = await resolved(host);
  if (!isPrivate) {
    const held = counts.value.filter(({ total }) => total > 0);
    if (held.length > 0) return { held: held.map(({ entity, total }) => `${entity}: ${total}`), closed: [] };
    return { unknown: `this host is not in the network, and cannot look into its entities: ${says}` };
  }
  const client = serviceBusClient(session, host);
  try {
    const sources = (await entitiesOf(bus, own)).flatMap((entity) => entity.sources);
    const closed = sources.filter(({ isClosed }) => isClosed).map(({ path }) => path);
    return { held: await heldIn(client, counts.value, sources), closed };
  } catch (error) {
    return { unknown: refused(error, own.namespace).message };
  } finally {
    await client.close();
  }
}
