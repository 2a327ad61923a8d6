import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import type { RunningApp } from "../functions-host/host";
import type { LogLine } from "../functions-host/worker/log-file";

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
  readonly path: string;
  readonly region: string;
  readonly instance: string;
  /** Behind the last whole line that was read. */
  offset: number;
}

/** The second of the two independent records: the "processed" lines that the consumer writes when `process()` has returned, as they are on disk. */
export class ProcessedLog {
  readonly records: Processed[] = [];
  private readonly tails: Tail[];

  constructor(apps: readonly RunningApp[]) {
    this.tails = apps.flatMap(({ app, instances }) =>
      instances.map(({ name, logPath }) => ({
        path: logPath,
        region: app.location,
        instance: name,
        offset: 0,
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
      for (const line of appended(tail).split("\n")) {
        const record = processedIn(line, tail);
        if (record) this.records.push(record);
      }
    }
    return this.records;
  }
}

function appended(tail: Tail): string {
  let file: number;
  try {
    file = openSync(tail.path, "r");
  } catch {
    // Not started yet.
    return "";
  }
  try {
    const bytes = Buffer.alloc(fstatSync(file).size - tail.offset);
    const read = readSync(file, bytes, 0, bytes.length, tail.offset);
    const whole = bytes.subarray(0, bytes.subarray(0, read).lastIndexOf("\n") + 1);
    tail.offset += whole.length;
    return whole.toString("utf8");
  } finally {
    closeSync(file);
  }
}

function processedIn(line: string, { region, instance }: Tail): Processed | undefined {
  if (!line.includes("processed")) return undefined;
  let parsed: LogLine;
  try {
    parsed = JSON.parse(line) as LogLine;
  } catch {
    // Half a line, of a process that was killed while it wrote: nothing waited for it on disk, so nothing was settled.
    return undefined;
  }
  const { category, message, time } = parsed;
  if (category !== "user" || !message.startsWith('{"event":"processed"')) return undefined;
  const { messageId, entity, deliveryCount } = JSON.parse(message) as Processed;
  return { messageId, entity, deliveryCount, region, instance, at: Date.parse(time) };
}
