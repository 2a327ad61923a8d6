import type { ServiceBusClient } from "@azure/service-bus";
import type { EntityCounts } from "./message-counts";
import { KEPT_IN, peeked } from "./peeking";

/**
 * What a namespace's entities still hold, as two independent answers have it: Resource Manager's counts, which are some seconds late and know what is on its way to another entity, and a look into
 * each entity, which finds deferred messages too.
 *
 * @param client of the namespace
 * @param counts as just read
 * @param entities `queue1`, `topic1/subscription1`
 * @returns one sentence for each entity that is not empty
 */
export async function heldIn(
  client: ServiceBusClient,
  counts: readonly EntityCounts[],
  entities: readonly string[],
): Promise<readonly string[]> {
  const holding = counts.filter(({ total }) => total > 0);
  const held = holding.map((each) => `${each.entity}: ${countsText(each)}`);
  for (const entity of entities.filter((each) => !holding.some((counted) => counted.entity === each))) {
    const found = await lookedAt(client, entity);
    if (found !== undefined) held.push(`${entity}: ${found}`);
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

async function lookedAt(client: ServiceBusClient, entity: string): Promise<string | undefined> {
  for (const kept of Object.keys(KEPT_IN) as (keyof typeof KEPT_IN)[]) {
    for await (const { state } of peeked(client, entity, kept))
      return kept === "own" ? `a message that is ${state}` : `a message in its ${kept}`;
  }
  return undefined;
}
