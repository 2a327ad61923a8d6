import { randomUUID } from "node:crypto";
import type { FunctionsCore, InvocationResponse, LogCategory, LogLevel, RegisteredFunction, TypedData } from "./core";
import type { HostTelemetry } from "./host-telemetry";
import type { LogFile } from "./log-file";
import type { Span } from "./trace";

/** What an invocation gets besides the function. */
export interface Trigger {
  readonly input: TypedData;
  readonly metadata: Readonly<Record<string, TypedData>>;
  readonly span: Span;
  /** Whether the caller waits until what it logs is on disk. @default true */
  readonly isKept?: boolean;
}

/** How an invocation came out. */
export interface Invoked {
  readonly response?: InvocationResponse;
  /** What the function threw. */
  readonly error?: unknown;
  /** When all that it logged is on disk. */
  readonly logged: Promise<unknown>;
  /** Whether the function logged an event: the handlers of this project do for each message. */
  readonly hasReported: boolean;
}

/** Runs a function through the library's own model: context, request and outputs are what they are in Azure. */
export class Invoker {
  constructor(
    private readonly model: NonNullable<FunctionsCore["model"]>,
    private readonly log: LogFile,
    private readonly telemetry: HostTelemetry,
  ) {}

  async invoke({ metadata, handler }: RegisteredFunction, trigger: Trigger): Promise<Invoked> {
    const invocationId = randomUUID();
    const lines: Promise<void>[] = [];
    let hasReported = false;
    const [inputName = ""] = Object.entries(metadata.bindings).find(([, { type }]) => /trigger$/i.test(type)) ?? [];
    const invocation = this.model.getInvocationModel({
      invocationId,
      request: {
        inputData: [{ name: inputName, data: trigger.input }],
        triggerMetadata: trigger.metadata,
        traceContext: { traceParent: trigger.span.traceParent, traceState: "" },
      },
      metadata,
      log: (level: LogLevel, category: LogCategory, message: string) => {
        this.telemetry.trace(trigger.span, level, message);
        hasReported ||= category === "user" && message.startsWith('{"event":');
        lines.push(
          this.log.append(
            {
              time: new Date().toISOString(),
              level,
              category: category === "user" ? "user" : "system",
              function: metadata.name,
              invocationId,
              message,
            },
            trigger.isKept,
          ),
        );
      },
    });
    try {
      const { context, inputs } = await invocation.getArguments();
      const result = await invocation.invokeFunction(context, inputs, handler);
      const response = await invocation.getResponse(context, result);
      return { response, logged: Promise.all(lines), hasReported };
    } catch (error) {
      // As the host does: otherwise a function's exception would not be seen.
      lines.push(
        this.log.append(
          {
            time: new Date().toISOString(),
            level: "error",
            category: "system",
            function: metadata.name,
            invocationId,
            message: `Executed 'Functions.${metadata.name}' (Failed): ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
          },
          trigger.isKept,
        ),
      );
      return { error: error ?? new Error("The function threw nothing."), logged: Promise.all(lines), hasReported };
    }
  }
}
