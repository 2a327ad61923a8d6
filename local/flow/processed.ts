import type { RunningApp } from "../functions-host/host";
import { SUCCEEDED } from "../functions-host/worker/log-file";
import { LogTail, recordIn } from "./log-tail";

/** A line in which a consumer says that it has processed a message. */
export interface Processed {
  readonly messageId: string;
  /** The source: `queue1`, `topic1/subscription1`. */
  readonly entity: string;
  /** 1 at the first delivery. */
  readonly deliveryCount: number;
  readonly region: string;
  readonly instance: string;
  readonly at: number;
}

interface Tail {
  readonly log: LogTail;
  readonly region: string;
  readonly instance: string;
}

/**
 * The second of the two independent records: the "processed" lines that the consumer writes when `process()` has returned, as they are on disk. Of a function that is not the
 * consumer's handler, and takes from a queue too, it is the host's line.
 */
export class ProcessedLog {
  readonly records: Processed[] = [];
  private readonly tails: Tail[];

  constructor(apps: readonly RunningApp[]) {
    this.tails = apps.flatMap(({ app, instances }) =>
      instances.map(({ name, logPath }) => ({
        log: new LogTail(logPath),
        region: app.location,
        instance: name,
      })),
    );
  }

  /** Whose records these are. */
  get instances(): readonly { readonly region: string; readonly instance: string }[] {
    return this.tails;
  }

  /** Reads what was appended since the last time. */
  read(): readonly Processed[] {
    for (const tail of this.tails) {
      for (const line of tail.log.lines()) {
        const record = processedIn(line, tail);
        if (record) this.records.push(record);
      }
    }
    return this.records;
  }
}

function processedIn(line: string, { region, instance }: Tail): Processed | undefined {
  if (!line.includes("processed") && !line.includes(SUCCEEDED)) return undefined;
  const [parsed] = recordIn(line);
  if (!parsed) return undefined;
  const { category, message, time } = parsed;
  const record = recordOf(category, message);
  if (record === undefined) return undefined;
  const { messageId, entity, deliveryCount } = JSON.parse(record) as Processed;
  return { messageId, entity, deliveryCount, region, instance, at: Date.parse(time) };
}

/** The record in a line of the handler's or of the host's. */
function recordOf(category: string, message: string): string | undefined {
  if (category === "user") return message.startsWith('{"event":"processed"') ? message : undefined;
  return category === "system" && message.startsWith(SUCCEEDED) ? message.slice(SUCCEEDED.length) : undefined;
}
