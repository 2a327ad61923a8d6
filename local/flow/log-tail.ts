import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import type { LogLine } from "../functions-host/worker/log-file";

/** An instance's log, as far as it is written: each call continues where the last one ended. */
export class LogTail {
  /** Behind the last whole line that was read. */
  private offset = 0;

  constructor(readonly path: string) {}

  /** The whole lines that were appended since the last time. */
  lines(): string[] {
    let file: number;
    try {
      file = openSync(this.path, "r");
    } catch {
      // Not started yet.
      return [];
    }
    try {
      const bytes = Buffer.alloc(fstatSync(file).size - this.offset);
      const read = readSync(file, bytes, 0, bytes.length, this.offset);
      const whole = bytes.subarray(0, bytes.subarray(0, read).lastIndexOf("\n") + 1);
      this.offset += whole.length;
      return whole
        .toString("utf8")
        .split("\n")
        .filter((line) => line !== "");
    } finally {
      closeSync(file);
    }
  }

  /** The same, parsed. */
  records(): LogLine[] {
    return this.lines().flatMap(recordIn);
  }
}

/** A record, or nothing: half a line is that of a process that was killed while it wrote. Nothing waited for it on disk, so nothing was settled. */
export function recordIn(line: string): LogLine[] {
  try {
    return [JSON.parse(line) as LogLine];
  } catch {
    return [];
  }
}
