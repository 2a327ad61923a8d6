import Module from "node:module";

/** What `@azure/functions` needs of the host: the part of Azure's `@azure/functions-core` that the library calls. */
export interface FunctionMetadata {
  readonly name: string;
  readonly bindings: Readonly<Record<string, Binding>>;
  readonly retryOptions?: object | null;
}

export interface Binding extends Readonly<Record<string, unknown>> {
  readonly type: string;
  readonly direction: "in" | "out";
}

export type LogLevel = "trace" | "debug" | "information" | "warning" | "error" | "critical" | "none";
export type LogCategory = "user" | "system" | "customMetric";

export interface CoreContext {
  readonly invocationId: string;
  readonly request: {
    readonly inputData: readonly { readonly name: string; readonly data: TypedData }[];
    readonly triggerMetadata: Readonly<Record<string, TypedData>>;
    readonly traceContext: { readonly traceParent: string; readonly traceState: string };
  };
  readonly metadata: FunctionMetadata;
  state?: string;
  readonly log: (level: LogLevel, category: LogCategory, message: string) => void;
}

/** A value as the host and the library exchange it. */
export interface TypedData {
  readonly string?: string;
  readonly json?: string;
  readonly bytes?: Uint8Array;
  readonly int?: number;
  readonly http?: HttpData;
}

export interface HttpData {
  readonly url?: string;
  readonly method?: string;
  readonly statusCode?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly nullableHeaders?: Readonly<Record<string, { readonly value: string }>>;
  readonly nullableParams?: Readonly<Record<string, { readonly value: string }>>;
  readonly nullableQuery?: Readonly<Record<string, { readonly value: string }>>;
  readonly body?: TypedData;
  readonly cookies?: readonly { readonly name: string; readonly value: string }[];
}

interface InvocationModel {
  getArguments(): Promise<{ context: unknown; inputs: unknown[] }>;
  invokeFunction(context: unknown, inputs: unknown[], handler: Handler): Promise<unknown>;
  getResponse(context: unknown, result: unknown): Promise<InvocationResponse>;
}

export interface InvocationResponse {
  readonly returnValue?: TypedData | null;
  readonly outputData?: readonly { readonly name: string }[];
}

interface ProgrammingModel {
  readonly name: string;
  readonly version: string;
  getInvocationModel(context: CoreContext): InvocationModel;
  getCapabilities(capabilities: object): Promise<object>;
}

type Handler = (...args: unknown[]) => unknown;

/** A function that a package registered. */
export interface RegisteredFunction {
  readonly metadata: FunctionMetadata;
  readonly handler: Handler;
}

export const HOST_VERSION = "4.1040.300";

/** The module that Azure's Node worker puts in the way of `require("@azure/functions-core")`. */
export class FunctionsCore {
  readonly functions: RegisteredFunction[] = [];
  model?: ProgrammingModel;
  private locked = false;

  /** @param systemLog where the library's own lines go */
  constructor(private readonly systemLog: (level: LogLevel, message: string) => void) {}

  /** From now on `require` answers with this, without a file. */
  install(): void {
    const api = this.api();
    const loader = Module as unknown as { _load: (request: string, ...rest: unknown[]) => unknown };
    const load = loader._load.bind(Module);
    loader._load = (request, ...rest) => (request === "@azure/functions-core" ? api : load(request, ...rest));
  }

  /** Ends registration, as Azure does once a package is loaded. */
  async lock(): Promise<ProgrammingModel> {
    this.locked = true;
    if (!this.model) throw new Error("the package does not load @azure/functions");
    await this.model.getCapabilities({});
    return this.model;
  }

  private api(): object {
    return {
      version: "3.12.0",
      hostVersion: HOST_VERSION,
      registerFunction: (metadata: FunctionMetadata, handler: Handler) => {
        if (this.locked) throw new Error("A function can only be registered during app startup.");
        this.functions.push({ metadata, handler });
        return new Disposable();
      },
      registerHook: () => {
        throw new Error("Invocation hooks are not supported by the local Functions host.");
      },
      setProgrammingModel: (model: ProgrammingModel) => {
        this.model = model;
      },
      getProgrammingModel: () => this.model,
      log: (level: LogLevel, _category: LogCategory, message: string) => {
        this.systemLog(level, message);
      },
      Disposable,
    };
  }
}

class Disposable {
  dispose(): void {
    // What is registered stays registered: a package is loaded once.
  }
}
