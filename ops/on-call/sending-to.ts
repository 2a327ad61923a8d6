import type { Stamp } from "../../topology/schema";

/** What is sent to, so that an entity gets a message. */
export function targetOf(entity: string): string {
  return entity.split("/")[0] ?? entity;
}

/** Other subscriptions of the topic, which get the copy too where their rules match. */
export function othersOf(entity: string, { topics }: Stamp): string[] {
  const [name, own] = entity.toLowerCase().split("/");
  const topic = own === undefined ? undefined : topics.find((each) => each.name.toLowerCase() === name);
  return (topic?.subscriptions ?? []).map((each) => each.name).filter((each) => each.toLowerCase() !== own);
}

export function hasDuplicateDetection(entity: string, { queues, topics }: Stamp): boolean {
  const name = targetOf(entity).toLowerCase();
  return [...queues, ...topics].some((each) => each.name.toLowerCase() === name && each.requiresDuplicateDetection);
}
