import type { RunningApp } from "../functions-host/host";
import type { LogLine } from "../functions-host/worker/log-file";
import { LogTail } from "./log-tail";

/** Calls of a function that threw at the same place. */
export interface FailedCalls {
  readonly function: string;
  /** The first of the exceptions, with its stack. */
  readonly exception: string;
  readonly calls: number;
  /** The messages that the calls were for, each once. */
  readonly messageIds: readonly string[];
}

/** As the worker writes it of a call that threw. */
const FAILED = /^Executed 'Functions\.(?<name>[^']+)' \(Failed\): (?<exception>[^]*)$/;

/** What the functions of apps threw so far, by place. A message that process() put off with Later is no failure. */
export function failedCalls(apps: readonly RunningApp[]): FailedCalls[] {
  const found = new Map<string, { name: string; exception: string; calls: number; ids: Set<string> }>();
  for (const { instances } of apps) {
    for (const { logPath } of instances) {
      const records = new LogTail(logPath).records();
      const said = saidByCall(records);
      for (const { message, invocationId = "" } of records) {
        const { name, exception } = FAILED.exec(message)?.groups ?? {};
        const { event, messageId } = said.get(invocationId) ?? {};
        if (name === undefined || exception === undefined || event === "deferred") continue;
        const key = `${name} ${placeOf(exception)}`;
        const group = found.get(key) ?? { name, exception, calls: 0, ids: new Set<string>() };
        group.calls += 1;
        if (messageId !== undefined) group.ids.add(messageId);
        found.set(key, group);
      }
    }
  }
  return [...found.values()].map(({ name, exception, calls, ids }) => ({
    function: name,
    exception,
    calls,
    messageIds: [...ids],
  }));
}

interface Said {
  readonly event?: string;
  readonly messageId?: string;
}

/** What the handler said of each call: of which message it is, and how it ended. */
function saidByCall(records: readonly LogLine[]): Map<string, Said> {
  return new Map(
    records.flatMap(({ category, invocationId, message }) =>
      category === "user" && invocationId !== undefined && /^\{"event":"(failed|deferred)"/.test(message)
        ? [[invocationId, JSON.parse(message) as Said]]
        : [],
    ),
  );
}

/** The error's name and the first line of its stack: the message may differ from call to call. */
function placeOf(exception: string): string {
  const [first = ""] = exception.split("\n");
  const frame = exception.split("\n").find((line) => line.trimStart().startsWith("at "));
  return frame === undefined ? first : `${first.split(":")[0] ?? ""} ${frame.trim()}`;
}
