import { isObject, list, type Settings } from "../shared/settings";

/** The setting that lists what may be sent to: JSON of entities as `writtenEntities` writes them. */
export const PRODUCER_ENTITIES = "PRODUCER_ENTITIES";

/** A queue or topic that the topology allows. */
export interface ProducerEntity {
  readonly name: string;
  /** The tier's and the entity's limit for one message. */
  readonly maxMessageBytes: number;
  /** Whether each message needs a session id. */
  readonly requiresSession: boolean;
  /** Whether it takes nothing until its status is changed. @default false */
  readonly paused?: boolean;
}

/** What most entities take: Service Bus' own default, in bytes. */
const USUAL_BYTES = 1_048_576;

/** Entities as short as can be: an app's settings have room for some 30,000 characters. One that is as most are is its name alone. */
export function writtenEntities(entities: readonly ProducerEntity[]): string {
  return JSON.stringify(
    entities.map((entity) => {
      const { name, maxMessageBytes, requiresSession, paused = false } = entity;
      return maxMessageBytes === USUAL_BYTES && !requiresSession && !paused ? name : entity;
    }),
  );
}

/** @throws Error that names the setting where it is missing or wrong */
export function producerEntities(settings: Settings): ReadonlyMap<string, ProducerEntity> {
  const entities = list(settings, PRODUCER_ENTITIES).map((entry) => {
    if (typeof entry === "string") return { name: entry, maxMessageBytes: USUAL_BYTES, requiresSession: false };
    if (!isEntity(entry)) throw new Error(`The app setting ${PRODUCER_ENTITIES} has an entry that is no entity.`);
    return entry;
  });
  return new Map(entities.map((entity) => [entity.name, entity]));
}

function isEntity(entry: unknown): entry is ProducerEntity {
  return (
    isObject(entry) &&
    typeof entry.name === "string" &&
    typeof entry.maxMessageBytes === "number" &&
    typeof entry.requiresSession === "boolean"
  );
}
