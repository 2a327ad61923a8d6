import type { RunningApp } from "../../local/functions-host/host";
import type { LogLine } from "../../local/functions-host/worker/log-file";
import { LogTail, recordIn } from "../../local/flow/log-tail";

const POLL_MS = 100;
/** What Node prints of its debugger, which the command prints itself. */
const DEBUGGER = /^(Debugger listening on |For help, see: |Debugger attached|Waiting for the debugger)/;

interface Shown {
  readonly time: string;
  readonly text: string;
}

/** Shows what the instances of apps log, in the order of its time, while they run. */
export class LogView {
  private readonly tails = new Map<
    string,
    { readonly app: string; readonly log: LogTail; readonly console: LogTail }
  >();
  private readonly warned = new Set<string>();
  private timer?: NodeJS.Timeout;

  constructor(
    private readonly apps: () => readonly RunningApp[],
    private readonly write: (text: string) => void,
    /** Whether each line is a JSON object. @default false */
    private readonly asJson = false,
  ) {}

  start(): void {
    this.timer = setInterval(() => {
      this.show();
    }, POLL_MS);
  }

  stop(): void {
    clearInterval(this.timer);
    this.show();
  }

  private show(): void {
    for (const { app, instances } of this.apps()) {
      for (const { name, logPath } of instances) {
        if (this.tails.has(name)) continue;
        this.tails.set(name, { app: app.name, log: new LogTail(logPath), console: new LogTail(`${logPath}.console`) });
      }
    }
    const shown = [...this.tails.values()].flatMap(({ app, log, console: output }) => [
      ...log.lines().flatMap((line) => this.logged(app, line)),
      ...output.lines().flatMap((line) => this.printed(app, line)),
    ]);
    shown.sort((one, other) => (one.time < other.time ? -1 : one.time > other.time ? 1 : 0));
    if (shown.length > 0) this.write(`${shown.map(({ text }) => text).join("\n")}\n`);
  }

  private logged(app: string, line: string): Shown[] {
    return recordIn(line)
      .filter((record) => this.asJson || !this.isRepeated(app, record))
      .map((record) => ({
        time: record.time,
        text: this.asJson ? JSON.stringify({ app, ...record }) : readable(app, record),
      }));
  }

  /** The host says the same again at each try, as of a namespace that is a passive secondary: once is enough. */
  private isRepeated(app: string, { category, level, message }: LogLine): boolean {
    if (category !== "system" || level !== "warning") return false;
    const key = `${app} ${message}`;
    if (this.warned.has(key)) return true;
    this.warned.add(key);
    return false;
  }

  /** What code prints to the console has no time of its own. */
  private printed(app: string, message: string): Shown[] {
    if (DEBUGGER.test(message)) return [];
    const record: LogLine = { time: new Date().toISOString(), level: "information", category: "console", message };
    return [{ time: record.time, text: this.asJson ? JSON.stringify({ app, ...record }) : readable(app, record) }];
  }
}

/** `12:00:01.042  lockdown-pc-consumer-eastus2  processed  messageId=order-1 entity=queue1` */
export function readable(app: string, { time, level, message }: LogLine): string {
  const [first = "", ...rest] = sentenceOf(message).split("\n");
  const mark = level === "error" ? "ERROR  " : level === "warning" ? "warning  " : "";
  const more = rest.map((line) => `\n    ${line.trim().replace(`${process.cwd()}/`, "")}`);
  return `${time.slice(11, 23)}  ${app}  ${mark}${first}${more.join("")}`;
}

/** A line of the functions' own is a JSON object: its event, and its fields. */
function sentenceOf(message: string): string {
  if (!message.startsWith('{"event":')) return message;
  try {
    const { event, ...fields } = JSON.parse(message) as { event: string };
    const said = Object.entries(fields).map(
      ([name, value]) => `${name}=${typeof value === "string" ? value : JSON.stringify(value)}`,
    );
    return [event, said.join(" ")].join("  ");
  } catch {
    return message;
  }
}
