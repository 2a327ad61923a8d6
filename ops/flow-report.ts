import { table } from "./frame/table";
import type { FailoverOutcome } from "../local/flow/failover";
import type { FailedCalls } from "../local/flow/failed-calls";
import type { Ledger, Repeated } from "../local/flow/ledger";
import type { OperationsSummary } from "../local/flow/operations";

/** Repetitions that are listed one by one; all of them are in `--json`. */
const LISTED = 5;
/** Of a stack trace the first lines say where. */
const STACK_LINES = 6;

export interface RunResult {
  readonly ledger: Ledger;
  readonly telemetry: OperationsSummary;
  readonly failover?: FailoverOutcome;
  /** What functions threw. @default none did */
  readonly failed?: readonly FailedCalls[];
}

const PLURALS: Readonly<Record<string, string>> = { dependency: "dependencies", other: "others" };

/** The ledger as a user reads it. */
export function reportOf({ ledger, telemetry, failover, failed = [] }: RunResult): string {
  const lines = [
    'The ledger: ids in 202 answers against ids in the consumers\' "processed" lines',
    "",
    table(
      ["", "messages"],
      [
        ["posted", ledger.posted],
        ["accepted (202)", ledger.accepted],
        ["  of these, posted more than once", ledger.retried],
        ["  503s to them", ledger.answers["503"] ?? 0],
        ["  posts of them without an answer", ledger.answers["no answer"] ?? 0],
        ["refused (4xx)", ledger.refused],
        ["never confirmed", ledger.unconfirmed.length],
        ...Object.entries(ledger.processed).flatMap(([region, instances]) =>
          Object.entries(instances).map(([instance, count]): [string, number] => [
            `processed in ${region} by ${instance}`,
            count,
          ]),
        ),
        ...Object.entries(ledger.processedFrom).map(([source, count]): [string, number] => [
          `processed from ${source}`,
          count,
        ]),
        ["redelivered", Object.values(ledger.redelivered).reduce((sum, count) => sum + count, 0)],
        ["dead-lettered", ledger.deadLettered.length],
        ["refused by process() for good", ledger.refusedForGood.length],
        ["taken by no subscription", ledger.untaken.length],
        ["stranded while the primary was away", ledger.stranded.length],
        ["processed more than once", ledger.repeated.length],
        ["  of these, unexplained", ledger.repeated.filter(({ cause }) => cause === undefined).length],
        ["lost", ledger.lost.length],
      ],
    ),
    "",
    ...(ledger.paused.length > 0 ? [`Paused, neither posted to nor taken from: ${ledger.paused.join(", ")}.`, ""] : []),
    ...idle(ledger),
    ...repetitions(ledger.repeated),
    ...failed.flatMap(failedLines),
    ...named("Lost", ledger.lost),
    ...named("Never confirmed", ledger.unconfirmed),
    ...named("Processed and never posted", ledger.unknown),
    ...(failover
      ? [`Outage, from the primary's end to the first 202 after it: ${(failover.outageMs / 1000).toFixed(1)} s.`, ""]
      : []),
    ...telemetryLines(telemetry),
    ledger.balanced ? "The ledger balances." : "The ledger does NOT balance.",
    "",
  ];
  return lines.join("\n");
}

function repetitions(repeated: readonly Repeated[]): string[] {
  if (repeated.length === 0) return [];
  const causes = new Map<string, Repeated[]>();
  for (const each of repeated) {
    const cause = each.cause ?? "UNEXPLAINED";
    causes.set(cause, [...(causes.get(cause) ?? []), each]);
  }
  return [...causes].flatMap(([cause, group]) => [
    `Processed more than once, ${cause}: ${group.length}`,
    ...group
      .slice(0, LISTED)
      .map(({ messageId, source, where }) => `  ${messageId} at ${source}, by ${where.join(" and ")}`),
    ...(group.length > LISTED ? [`  and ${group.length - LISTED} more: all are in --json`] : []),
    "",
  ]);
}

/** Competing consumers compete only where each gets something. */
function idle({ processed }: Ledger): string[] {
  const names = Object.values(processed)
    .flatMap((instances) => Object.entries(instances))
    .flatMap(([instance, count]) => (count === 0 ? [instance] : []));
  return names.length === 0
    ? []
    : [`Processed nothing: ${names.join(", ")}. With more messages these instances would get some.`, ""];
}

/** Where a function threw, how often, and for which messages. */
function failedLines({ function: name, exception, calls, messageIds }: FailedCalls): string[] {
  const [example] = messageIds;
  const messages =
    messageIds.length === 0
      ? ""
      : `, for ${messageIds.length} ${messageIds.length === 1 ? "message" : "messages"}, such as ${example ?? ""}`;
  return [
    `The function ${name} threw ${calls === 1 ? "once" : `${calls} times`}${messages}:`,
    ...exception
      .split("\n")
      .slice(0, STACK_LINES)
      .map((line) => `  ${line.replace(`${process.cwd()}/`, "")}`),
    "",
  ];
}

function named(title: string, ids: readonly string[]): string[] {
  return ids.length === 0 ? [] : [`${title}: ${ids.join(", ")}`, ""];
}

function telemetryLines({ items, operations, whole, example }: OperationsSummary): string[] {
  const counts = Object.entries(items).map(
    ([kind, count]) => `${count} ${count === 1 ? kind : (PLURALS[kind] ?? `${kind}s`)}`,
  );
  if (counts.length === 0) return ["No telemetry arrived.", ""];
  return [
    `Application Insights got ${counts.join(", ")}; ${whole} of ${operations} operations contain both the POST and the processing${example ? ", such as" : "."}`,
    ...(example ? [`  ${example.operationId}`, ...example.steps.map((step) => `    ${step}`)] : []),
    "",
  ];
}
