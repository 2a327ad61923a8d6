import { createRequire } from "node:module";
import { readFileSync } from "node:fs";
import { url as debuggerUrl } from "node:inspector";
import { join } from "node:path";
import { type Binding, FunctionsCore, type LogLevel } from "./core";
import { readHostJson } from "./host-json";
import { HostTelemetry } from "./host-telemetry";
import { HttpFront } from "./http";
import { Invoker } from "./invoke";
import { LogFile, SUCCEEDED } from "./log-file";
import type { FromWorker, ToWorker } from "./protocol";
import { routesOf } from "./routes";
import { ServiceBusTrigger } from "./service-bus-trigger";
import { refuseUnsupported } from "./supported";

/** A worker: one instance of one function app. `<package folder> <log file>` */
const [, , folder = "", logPath = ""] = process.argv;

// The process that started it is gone: there is nothing left to do. It may be gone before the package is loaded.
process.on("disconnect", () => process.exit(0));
// Ctrl-C in a terminal reaches every process. The one that started this worker ends it in order.
process.on("SIGINT", () => undefined);

async function main(): Promise<void> {
  const log = new LogFile(logPath);
  const systemLog = (level: LogLevel, message: string) => {
    void log.append({ time: new Date().toISOString(), level, category: "system", message });
  };
  const core = new FunctionsCore(systemLog);
  core.install();
  const hostJson = readHostJson(folder);
  const started = performance.now();
  loadPackage();
  const model = await core.lock();
  refuseUnsupported(core.functions);
  const loadMs = performance.now() - started;
  const telemetry = new HostTelemetry(process.env);
  const invoker = new Invoker(model, log, telemetry);
  const { http: httpOptions } = hostJson.extensions;
  const http = new HttpFront(routesOf(core.functions, httpOptions.routePrefix), invoker, telemetry, httpOptions);
  const triggers = core.functions
    .filter(({ metadata }) => Object.values(metadata.bindings).some(({ type }) => type === "serviceBusTrigger"))
    .map(
      (registered) =>
        new ServiceBusTrigger({
          registered,
          options: hostJson.extensions.serviceBus,
          settings: process.env,
          invoker,
          telemetry,
          completed: (name, record) =>
            log.append({
              time: new Date().toISOString(),
              level: "information",
              category: "system",
              function: name,
              message: `${SUCCEEDED}${JSON.stringify(record)}`,
            }),
          report: (message) => {
            systemLog("warning", message);
          },
        }),
    );
  const port = await http.start();
  for (const trigger of triggers) trigger.start();
  const inspector = debuggerUrl();
  const functions = core.functions.map(({ metadata: { name, bindings } }) => ({ name, ...sourceIn(bindings) }));
  tell({ kind: "ready", port, loadMs, functions, ...(inspector === undefined ? {} : { inspector }) });

  process.on("message", (message: ToWorker) => {
    if (message.kind === "crash-before-settling") {
      for (const trigger of triggers) trigger.crashBeforeSettling();
      return;
    }
    void (async () => {
      const finishMs = Math.min(message.finishMs, hostJson.functionTimeout);
      await Promise.all([http.stop(finishMs), ...triggers.map((trigger) => trigger.stop(finishMs))]);
      await telemetry.flush();
      process.exit(0);
    })();
  });
}

/** The queue or subscription of a Service Bus trigger. */
function sourceIn(bindings: Readonly<Record<string, Binding>>): { source?: string } {
  const trigger = Object.values(bindings).find(({ type }) => type === "serviceBusTrigger");
  if (!trigger) return {};
  const { queueName, topicName, subscriptionName } = trigger as { [name in string]?: unknown };
  return { source: typeof queueName === "string" ? queueName : `${String(topicName)}/${String(subscriptionName)}` };
}

function loadPackage(): void {
  const { main: entry = "index.js" } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as {
    main?: string;
  };
  createRequire(join(folder, "package.json"))(join(folder, entry));
}

function tell(message: FromWorker): void {
  process.send?.(message);
}

main().catch((error: unknown) => {
  tell({ kind: "failed", reason: reasonOf(error) });
  process.exitCode = 1;
  process.disconnect();
});

/** The message, and the line of the functions' sources that it came from, where it did. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const [, place] = /\(?(\S*\/functions\/(?:producer|consumer|shared)\/[^\s)]+)\)?/.exec(error.stack ?? "") ?? [];
  return place === undefined ? error.message : `${error.message} (${place})`;
}
