import { setTimeout as pause } from "node:timers/promises";
import type { EntityStatus } from "@azure/arm-servicebus";
import { Failure } from "../../../failure";
import { deleteEntity, type Entity, openSubscription, setStatus } from "../../../operator/entities";
import { reasonOf } from "../../../operator/service-bus-management";
import type { Stamp } from "../../../topology/schema";
import type { NamespaceSituation } from "../situation";
import type { StampOnCall } from "../stamp-on-call";
import { howToDrain } from "./drain";
import { emptinessOf } from "./proof-of-empty";

/** Resource Manager's counts are some seconds late: a topic's scheduled messages are seen in them alone. */
const COUNTS_ARE_LATE_MS = 5_000;

/**
 * Deletes a namespace's entities, each proven empty. All are closed for senders, then proven, then deleted: a message that comes in between is found. What is not deleted is opened again, as the
 * topology declares it.
 *
 * @throws Failure where one is not empty, the topology does not have one, or Azure refuses
 */
export async function deleteEmpty(
  onCall: StampOnCall,
  own: NamespaceSituation,
  entities: readonly Entity[],
): Promise<void> {
  const { bus, stamp } = onCall;
  const foreign = entities.filter(({ name }) => declaredStatus(stamp, name) === undefined);
  if (foreign.length > 0) {
    throw new Failure(
      `${own.namespace} has ${foreign.map(({ name }) => name).join(", ")}, which the topology does not have, and nothing was deleted. Delete it by hand, or add it to the topology.`,
    );
  }
  const open = new Set(entities);
  try {
    for (const entity of entities) {
      await setStatus(bus, own, entity, "SendDisabled");
      const closed = entity.kind === "topic" ? entity.sources.filter(({ isClosed }) => isClosed) : [];
      for (const { path } of closed) await openSubscription(bus, own, path);
    }
    await pause(COUNTS_ARE_LATE_MS);
    const emptiness = await emptinessOf(onCall, own);
    if ("unknown" in emptiness)
      throw new Failure(
        `Whether ${own.namespace} is empty is not known, and nothing was deleted: ${emptiness.unknown}`,
      );
    if (emptiness.closed.length > 0)
      throw new Failure(`${emptiness.closed.join(", ")} lets no receiver in, and nothing was deleted.`);
    if (emptiness.held.length > 0) {
      throw new Failure(
        [
          `${own.namespace} is not empty, and nothing was deleted:`,
          ...emptiness.held.map((line) => `    ${line}`),
          ...howToDrain(stamp, own),
        ].join("\n"),
      );
    }
    for (const entity of entities) {
      await deleteOne(onCall, own, entity);
      open.delete(entity);
    }
  } finally {
    await Promise.allSettled(
      [...open].map((entity) => setStatus(bus, own, entity, declaredStatus(stamp, entity.name) ?? "Active")),
    );
  }
}

async function deleteOne({ bus }: StampOnCall, own: NamespaceSituation, entity: Entity): Promise<void> {
  try {
    await deleteEntity(bus, own, entity);
  } catch (error) {
    throw new Failure(
      `Azure refused to delete ${entity.name} of ${own.namespace}: ${reasonOf(error)}. If protection.locks is true in the topology, set it to false and deploy first.`,
    );
  }
  process.stdout.write(`✔ ${entity.name} of ${own.namespace} was empty, and is deleted\n`);
}

/** Nothing: the topology has no such entity. */
function declaredStatus({ queues, topics }: Stamp, name: string): EntityStatus | undefined {
  return [...queues, ...topics].find((each) => each.name.toLowerCase() === name.toLowerCase())?.status;
}
