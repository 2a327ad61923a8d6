import type { TelemetryItem } from "../monitoring/ingestion";

/** What of a run's telemetry belongs together. */
export interface OperationsSummary {
  /** Items that arrived, by kind. */
  readonly items: Readonly<Record<string, number>>;
  /** Operations that begin with a POST of messages. */
  readonly operations: number;
  /** Operations that lead from a POST to a processed message, by the host's own items: the SDK in the packages samples its dependencies. */
  readonly whole: number;
  /** One of them, step by step. */
  readonly example?: { readonly operationId: string; readonly steps: readonly string[] };
}

const STEPS = [
  { kind: "request", name: /^messages$/ },
  { kind: "dependency", name: /^Send / },
  { kind: "trace", name: /"event":"accepted"/ },
  { kind: "request", name: /^(queue|topic)-/ },
  { kind: "trace", name: /"event":"processed"/ },
  { kind: "dependency", name: /^Process / },
] as const;

/** Joins telemetry by operation id, as Application Insights' transaction search does. */
export function operationsIn(items: readonly TelemetryItem[]): OperationsSummary {
  const operations = new Map<string, TelemetryItem[]>();
  const kinds: Record<string, number> = {};
  for (const item of items) {
    kinds[item.kind] = (kinds[item.kind] ?? 0) + 1;
    if (item.operationId === "") continue;
    const operation = operations.get(item.operationId);
    if (operation) operation.push(item);
    else operations.set(item.operationId, [item]);
  }
  const whole = [...operations].filter(([, operation]) => {
    const steps = stepsOf(operation);
    return STEPS.every(({ kind }, index) => kind === "dependency" || steps[index] !== undefined);
  });
  const example = whole.find(([, operation]) => stepsOf(operation).every((step) => step !== undefined)) ?? whole[0];
  return {
    items: kinds,
    operations: [...operations.values()].filter((operation) => stepsOf(operation)[0] !== undefined).length,
    whole: whole.length,
    ...(example
      ? { example: { operationId: example[0], steps: stepsOf(example[1]).filter((step) => step !== undefined) } }
      : {}),
  };
}

function stepsOf(operation: readonly TelemetryItem[]): (string | undefined)[] {
  return STEPS.map(({ kind, name }) => {
    const found = operation.find((item) => item.kind === kind && name.test(item.name));
    return found && `${kind} in ${found.role}: ${shortened(found.name)}`;
  });
}

function shortened(name: string): string {
  return /"event":"(\w+)"/.exec(name)?.[1] ?? name;
}
