import { Failure, UsageError } from "../../../failure";
import { type EntityCounts, messageCountsOf } from "../../../operator/message-counts";
import type { DeadLettersIn } from "../../../operator/dead-letter-queue";
import { serviceBusHost } from "../../../topology/names";
import type { OwnNamespace, StampOnCall } from "../stamp-on-call";

/** A queue or a subscription of one namespace, with how many dead letters it has. */
export interface DeadLettered {
  readonly own: OwnNamespace;
  readonly host: string;
  /** `queue1`, `topic1/subscription1`. */
  readonly entity: string;
  readonly kept: DeadLettersIn;
  readonly count: number;
}

export interface Wanted {
  readonly region?: string;
  /** @default every one */
  readonly entity?: string;
  /** Whether those are meant that could not be forwarded. @default false */
  readonly transfer?: boolean;
}

/** The entities that have dead letters, as Resource Manager counts them. @throws Failure where a namespace cannot be read; UsageError where there is no such region or entity */
export async function deadLetteredIn(
  onCall: StampOnCall,
  { region, entity, transfer = false }: Wanted,
): Promise<DeadLettered[]> {
  const namespaces = onCall.namespaces.filter((own) => region === undefined || own.region.location === region);
  if (namespaces.length === 0) {
    throw new UsageError(
      `The stamp has no namespace in ${region ?? ""}, only in ${onCall.namespaces.map((own) => own.region.location).join(", ")}.`,
    );
  }
  const found = await Promise.all(
    namespaces.map(async (own) => {
      const counts = await messageCountsOf(onCall.bus, own);
      if ("unread" in counts)
        throw new Failure(
          `The messages of ${own.namespace} cannot be counted: ${counts.unread}. --region names the other one.`,
        );
      return counts.value.map((each) => ({ own, ...each }));
    }),
  );
  const all = found.flat();
  if (entity !== undefined && !all.some((each) => isNamed(each, entity))) {
    throw new UsageError(
      `There is no queue or subscription "${entity}", only ${[...new Set(all.map((each) => each.entity))].join(", ")}.`,
    );
  }
  return all
    .filter((each) => entity === undefined || isNamed(each, entity))
    .map(({ own, entity: name, deadLetter, transferDeadLetter }) => ({
      own,
      host: serviceBusHost(own.namespace),
      entity: name,
      kept: transfer ? ("transfer dead-letter queue" as const) : ("dead-letter queue" as const),
      count: transfer ? transferDeadLetter : deadLetter,
    }))
    .filter(({ count }) => count > 0);
}

function isNamed({ entity }: Pick<EntityCounts, "entity">, name: string): boolean {
  return entity.toLowerCase() === name.toLowerCase();
}
