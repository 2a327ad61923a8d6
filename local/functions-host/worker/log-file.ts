import { appendFile, fdatasync, openSync } from "node:fs";
import { promisify } from "node:util";

const [appendTo, sync] = [promisify(appendFile), promisify(fdatasync)];

/** One line of an instance's log. */
export interface LogLine {
  readonly time: string;
  readonly level: string;
  readonly category: "user" | "system";
  readonly function?: string;
  readonly invocationId?: string;
  readonly message: string;
}

interface Waiting {
  readonly text: string;
  readonly isKept: boolean;
  readonly written: (error?: Error) => void;
}

/** An instance's log: a JSON object a line, on disk before anyone goes on who waits for it. */
export class LogFile {
  private readonly file: number;
  /** Its first line may stand behind half a line of a process that was killed while it wrote. */
  private waiting: Waiting[] = [{ text: "\n", isKept: false, written: () => undefined }];
  private writing = false;

  constructor(path: string) {
    this.file = openSync(path, "a");
  }

  /**
   * @param isKept whether somebody goes on only once the line is on disk. @default true
   * @returns when the line is written, and on disk where it is kept
   */
  append(line: LogLine, isKept = true): Promise<void> {
    return new Promise((resolve, reject) => {
      this.waiting.push({
        text: `${JSON.stringify(line)}\n`,
        isKept,
        written: (error) => {
          if (error) reject(error);
          else resolve();
        },
      });
      if (!this.writing) void this.drain();
    });
  }

  /** Lines that come while others are written are written and synced together. */
  private async drain(): Promise<void> {
    this.writing = true;
    while (this.waiting.length > 0) {
      const lines = this.waiting;
      this.waiting = [];
      try {
        await appendTo(this.file, lines.map(({ text }) => text).join(""));
        if (lines.some(({ isKept }) => isKept)) await sync(this.file);
        for (const { written } of lines) written();
      } catch (error) {
        for (const { written } of lines) written(error instanceof Error ? error : new Error(String(error)));
      }
    }
    this.writing = false;
  }
}
