import { type DeadLetter, DeadLetterQueue } from "../../../operator/dead-letter-queue";
import { table } from "../../frame/table";
import { stampOnCall } from "../stamp-on-call";
import { refused, refuseOutside } from "../refusals";
import { type DeadLettered, deadLetteredIn } from "./entities";
import { shownMessage } from "./shown-message";

export interface ListOptions {
  readonly stamp?: string;
  readonly region?: string;
  readonly transfer?: boolean;
  readonly bodies?: boolean;
}

interface Group {
  readonly reason: string;
  count: number;
  oldest: Date | undefined;
  newest: Date | undefined;
}

/** Prints the dead letters by entity and reason: how many, and how old. Bodies are printed where they are asked for. */
export async function list(
  entity: string | undefined,
  { stamp, region, transfer, bodies }: ListOptions,
): Promise<void> {
  const onCall = await stampOnCall(stamp);
  const found = await deadLetteredIn(onCall, {
    ...(entity === undefined ? {} : { entity }),
    ...(region === undefined ? {} : { region }),
    ...(transfer === undefined ? {} : { transfer }),
  });
  if (found.length === 0) {
    process.stdout.write("There is no dead letter.\n");
    return;
  }
  await refuseOutside(found.map(({ host }) => host));
  const rows: (readonly (string | number)[])[] = [];
  for (const each of found) {
    const queue = new DeadLetterQueue(onCall.session, each.host, each.entity, each.kept);
    try {
      const groups = new Map<string, Group>();
      for await (const letter of queue.peeked()) {
        add(groups, letter);
        if (bodies) process.stdout.write(`${JSON.stringify(shownMessage(each.entity, letter))}\n`);
      }
      rows.push(...rowsOf(each, [...groups.values()]));
    } catch (error) {
      throw refused(error, each.entity);
    } finally {
      await queue.close();
    }
  }
  process.stdout.write(`${table(["namespace", "entity", "reason", "count", "oldest", "newest"], rows)}\n`);
}

function add(groups: Map<string, Group>, { reason, enqueued }: DeadLetter): void {
  const group = groups.get(reason) ?? { reason, count: 0, oldest: undefined, newest: undefined };
  group.count += 1;
  if (enqueued && (!group.oldest || enqueued < group.oldest)) group.oldest = enqueued;
  if (enqueued && (!group.newest || enqueued > group.newest)) group.newest = enqueued;
  groups.set(reason, group);
}

function rowsOf({ own, entity }: DeadLettered, groups: readonly Group[]) {
  return [...groups]
    .sort((one, other) => other.count - one.count)
    .map(({ reason, count, oldest, newest }) => [own.namespace, entity, reason, count, ageOf(oldest), ageOf(newest)]);
}

const UNITS = [
  ["d", 86_400],
  ["h", 3_600],
  ["min", 60],
] as const;

/** `3 d`, `12 min`: how long ago it was enqueued. */
function ageOf(when: Date | undefined): string {
  if (!when) return "unknown";
  const seconds = Math.max(0, Math.round((Date.now() - when.getTime()) / 1_000));
  const unit = UNITS.find(([, length]) => seconds >= length);
  return unit ? `${Math.floor(seconds / unit[1])} ${unit[0]}` : `${seconds} s`;
}
