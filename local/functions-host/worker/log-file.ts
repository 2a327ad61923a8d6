import { appendFile, appendFileSync, fdatasync, openSync } from "node:fs";
import { promisify } from "node:util";

const [appendTo, sync] = [promisify(appendFile), promisify(fdatasync)];

/** How the host's line of a message begins that a function has handled and said nothing of. */
export const SUCCEEDED = "Handled ";

/** One line of an instance's log. */
export interface LogLine {
  readonly time: string;
  readonly level: string;
  readonly category: "user" | "system" | "console";
  readonly function?: string;
  readonly invocationId?: string;
  readonly message: string;
}

interface Waiting {
  readonly text: string;
  readonly written: (error?: Error) => void;
}

/** An instance's log: a JSON object a line, in the file before the caller continues, and on disk where the caller waits for that. */
export class LogFile {
  private readonly file: number;
  private waiting: Waiting[] = [];
  private writing = false;

  constructor(path: string) {
    this.file = openSync(path, "a");
    // The first line may follow half a line of a process that was killed while it wrote.
    appendFileSync(this.file, "\n");
  }

  /**
   * @param isKept whether the caller continues only when the line is on disk; else it is in the file at once, which costs less than to wait for a thread that writes it. @default true
   * @returns when the line is written, and on disk where it is kept
   */
  append(line: LogLine, isKept = true): Promise<void> {
    const text = `${JSON.stringify(line)}\n`;
    if (!isKept) {
      appendFileSync(this.file, text);
      return Promise.resolve();
    }
    return new Promise((resolve, reject) => {
      this.waiting.push({
        text,
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
        await sync(this.file);
        for (const { written } of lines) written();
      } catch (error) {
        for (const { written } of lines) written(error instanceof Error ? error : new Error(String(error)));
      }
    }
    this.writing = false;
  }
}
