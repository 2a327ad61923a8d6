import { UsageError } from "../../../failure";
import { stampOnCall, type StampOnCall } from "../stamp-on-call";
import { type DeadLettered, deadLetteredIn } from "./entities";

export interface OneEntityOptions {
  readonly stamp?: string;
  readonly region?: string;
  /** Whether those are meant that could not be forwarded. */
  readonly transfer?: boolean;
}

/** The one entity whose dead letters are meant; nothing where it has none. @throws UsageError where it has some in two namespaces */
export async function oneEntity(
  entity: string,
  { stamp, region, transfer }: OneEntityOptions,
): Promise<{ readonly onCall: StampOnCall; readonly found?: DeadLettered }> {
  const onCall = await stampOnCall(stamp);
  const all = await deadLetteredIn(onCall, {
    entity,
    ...(region === undefined ? {} : { region }),
    ...(transfer === undefined ? {} : { transfer }),
  });
  const [found, another] = all;
  if (!found) return { onCall };
  if (another) {
    throw new UsageError(
      `${entity} has dead letters in ${all.map(({ own, count }) => `${own.region.location} (${count})`).join(" and ")}: --region takes one of them.`,
    );
  }
  return { onCall, found };
}
