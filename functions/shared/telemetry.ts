import { createRequire } from "node:module";
import { join } from "node:path";
import { CONNECTION, type Settings } from "./settings";

export interface Dependency {
  readonly name: string;
  readonly type: string;
  readonly target: string;
  readonly durationMs: number;
  readonly success: boolean;
  readonly resultCode: string;
  /** The `traceparent` it belongs to. */
  readonly traceParent?: string;
  readonly properties?: Readonly<Record<string, string>>;
}

/** What the functions send to Application Insights beyond what the Functions host sends (requests and log lines). */
export interface Telemetry {
  dependency(dependency: Dependency): void;
  exception(error: Error, traceParent: string | undefined, properties: Readonly<Record<string, string>>): void;
  metric(name: string, value: number, properties: Readonly<Record<string, string>>): void;
}

export interface TelemetryOptions {
  readonly connectionString: string;
  /** The user-assigned identity that ingestion is authorized with. */
  readonly clientId: string | undefined;
}

const NONE: Telemetry = { dependency() {}, exception() {}, metric() {} };

/** The module beside the bundle that holds `applicationinsights`: it is several times the size of everything else. */
const MODULE = "telemetry.js";

/** Loads Application Insights only where a connection string is configured. */
export function telemetryFor(settings: Settings): Telemetry {
  const connectionString = settings.APPLICATIONINSIGHTS_CONNECTION_STRING;
  if (connectionString === undefined || connectionString === "") return NONE;
  const load = createRequire(join(__dirname, MODULE));
  const module = load(`./${MODULE}`) as { createTelemetry(options: TelemetryOptions): Telemetry };
  return module.createTelemetry({ connectionString, clientId: settings[`${CONNECTION}__clientId`] });
}
