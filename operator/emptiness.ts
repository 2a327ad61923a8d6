import type { ServiceBusClient } from "@azure/service-bus";
import type { Source } from "./entities";
import type { EntityCounts } from "./message-counts";
import { peeked } from "./peeking";
import { KEPT_IN, type Kept } from "./links";

/**
 * What a namespace's entities still hold, as two independent answers have it: Resource Manager's counts, which are some seconds late and know what is on its way to another entity, and a look into
 * each entity, which finds deferred messages too.
 *
 * @param client of the namespace
 * @param counts as just read
 * @param sources those that are closed for receivers are not looked into
 * @returns one sentence for each entity that is not empty
 */
export async function heldIn(
  client: ServiceBusClient,
  counts: readonly EntityCounts[],
  sources: readonly Source[],
): Promise<readonly string[]> {
  const holding = counts.filter(({ total }) => total > 0);
  const held = holding.map((each) => `${each.entity}: ${countsText(each)}`);
  for (const source of sources.filter(({ path }) => !holding.some(({ entity }) => entity === path))) {
    const found = await lookedAt(client, source);
    if (found !== undefined) held.push(`${source.path}: ${found}`);
  }
  return held;
}

function countsText({ active, scheduled, deadLetter, transfer, total }: EntityCounts): string {
  const deferred = total - active - scheduled - deadLetter - transfer;
  return [
    [active, "active"],
    [scheduled, "scheduled"],
    [deferred, "deferred"],
    [deadLetter, "dead-lettered"],
    [transfer, "in transfer"],
  ]
    .filter(([count]) => Number(count) > 0)
    .map(([count, state]) => `${count} ${state}`)
    .join(", ");
}

async function lookedAt(client: ServiceBusClient, source: Source): Promise<string | undefined> {
  for (const kept of keptIn(source)) {
    for await (const { state } of peeked(client, source.path, kept))
      return kept === "own" ? `a message that is ${state}` : `a message in its ${kept}`;
  }
  return undefined;
}

/** What is forwarded is held by another entity: here Service Bus refuses to look (learn.microsoft.com/azure/service-bus-messaging/service-bus-auto-forwarding). */
function keptIn({ forwards, forwardsDeadLetters, isClosed }: Source): readonly Kept[] {
  if (isClosed) return [];
  return (Object.keys(KEPT_IN) as Kept[]).filter(
    (kept) => !(kept === "own" && forwards) && !(kept === "dead-letter queue" && forwardsDeadLetters),
  );
}
