import { writeFileSync } from "node:fs";
import { UsageError } from "../../failure";
import { addressesOf } from "../../proof/packets/addresses";
import { servicesOf, servicesText } from "../../proof/packets/services";
import { findingsText, modelled, type Verdict, verdictOn } from "../../proof/prove";
import { ask } from "../../proof/reach/ask";
import { failedOver } from "../../proof/reach/public-dns";
import type { Reach } from "../../proof/reach/reach";
import { differenceBetween } from "../../proof/report/difference";
import { matrixOf } from "../../proof/report/matrix";
import { matrixText } from "../../proof/report/matrix-text";
import { namesOf } from "../../proof/report/names";
import { readCdktfOut } from "../../synthesized/cdktf-out";
import { json } from "../frame/options";
import { placeOf } from "./lines";
import { pageOf } from "./page/page";
import { placeNamed } from "./place-named";
import { sarifOf } from "./sarif";
import { type Subject, type SubjectOptions, subjectOf } from "./subject";
import { sifted, type Sifted, suppressionsIn } from "./suppressions";
import { traceText, verdictLine } from "./trace-text";

/** What `npm run prove` is asked for. */
export interface ProveOptions extends SubjectOptions {
  readonly suppressions?: string;
  readonly matrix?: boolean;
  readonly from?: string;
  readonly to?: string;
  readonly port?: string;
  readonly protocol: string;
  readonly failedOver?: boolean;
  readonly against?: string;
  readonly sarif?: string;
  readonly html?: string;
  readonly json?: boolean;
}

/** Prints the answer to what is asked, and sets the exit code. @throws UsageError where it cannot be answered */
export async function prove(options: ProveOptions): Promise<void> {
  refuseTogether(options);
  const subject = subjectOf(options);
  const { stacks } = subject;
  if (options.from !== undefined || options.to !== undefined || options.port !== undefined) trace(stacks, options);
  else if (options.against !== undefined) against(stacks, options.against, options.json ?? false);
  else if (options.matrix) matrix(modelled(stacks), options.json ?? false);
  else await claims(subject, options);
}

/** @throws UsageError where two answers are asked for: the second would not be given */
function refuseTogether({ from, to, port, against: folder, matrix: isMatrix, sarif, html }: ProveOptions): void {
  const asked = [
    ...((from ?? to ?? port) === undefined ? [] : ["--from, --to and --port"]),
    ...(folder === undefined ? [] : ["--against"]),
    ...(isMatrix ? ["--matrix"] : []),
    ...((sarif ?? html) === undefined ? [] : ["--sarif and --html, which hold every claim"]),
  ];
  if (asked.length > 1) throw new UsageError(`Ask one thing at a time: ${asked.join("; or ")}.`);
}

/** @throws UsageError where the model could not be read at all */
function reachOf({ reach, findings }: Verdict): Reach {
  if (!reach) throw new UsageError(findingsText(findings));
  return reach;
}

function trace(
  stacks: Subject["stacks"],
  { from, to, port, protocol, failedOver: isAfter, json: asJson }: ProveOptions,
): void {
  if (from === undefined || to === undefined || port === undefined)
    throw new UsageError("A trace needs --from, --to and --port.");
  refuseAddress(to);
  const verdict = modelled(stacks);
  const reach = reachOf(verdict);
  const place = placeNamed(reach, from, "--from");
  let service;
  try {
    service = servicesOf(protocol, [port]);
  } catch (error) {
    throw new UsageError(
      `--port ${port} --protocol ${protocol}: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
  const reply = ask(reach, { place, to, service, ...(isAfter ? { aliases: failedOver(reach.lookup) } : {}) });
  if (asJson) {
    const steps = reply.steps.map(({ origin, ...step }) => ({
      ...step,
      resource: origin.resource,
      at: placeOf(origin),
    }));
    process.stdout.write(json({ from: place.name, to, verdict: reply.verdict, answer: reply.answer, steps }));
  } else {
    process.stdout.write(`${traceText(reply.steps)}\n\n${verdictLine(place.name, to, servicesText(service), reply)}\n`);
  }
  // Each answer is a success: the question was answered.
  refuseUnmodelled(verdict);
}

const HOST = /^(?=.*[a-z])[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/i;

/** @throws UsageError where `--to` is neither a name, nor an address or a block */
function refuseAddress(to: string): void {
  if (HOST.test(to)) return;
  try {
    addressesOf(to);
  } catch {
    throw new UsageError(`--to "${to}" is no host name and no IPv4 address. Write the port as --port.`);
  }
}

function matrix(verdict: Verdict, asJson: boolean): void {
  const reach = reachOf(verdict);
  if (asJson) {
    const ways = matrixOf(reach).map(({ steps: _trace, ...way }) => way);
    process.stdout.write(json({ ways, names: namesOf(reach) }));
  } else process.stdout.write(matrixText(reach));
  refuseUnmodelled(verdict);
}

function against(stacks: Subject["stacks"], folder: string, asJson: boolean): void {
  const before = reachOf(modelled(readCdktfOut(folder)));
  const { added, removed } = differenceBetween(before, reachOf(modelled(stacks)));
  if (asJson) process.stdout.write(json({ added, removed }));
  else if (added.length + removed.length === 0) process.stdout.write("No way, no name and no right changes.\n");
  else
    process.stdout.write([...removed.map((line) => `- ${line}`), ...added.map((line) => `+ ${line}`), ""].join("\n"));
}

async function claims({ stacks, declared }: Subject, options: ProveOptions): Promise<void> {
  // Rules are about the order and the shape of these stacks; claims hold for every configuration.
  const rules = options.plan ? { rules: [] } : {};
  const verdict = verdictOn(stacks, { ...declared, ...rules });
  const result = sifted(verdict.findings, suppressionsIn(options.suppressions));
  if (options.sarif !== undefined) write("--sarif", options.sarif, json(sarifOf(result)));
  if (options.html !== undefined) write("--html", options.html, await pageOf(verdict, reachOf(verdict), result));
  if (options.json) process.stdout.write(json(resultOf(verdict, result)));
  else process.stdout.write(textOf(stacks.length, verdict, result));
  if (result.findings.some(({ severity }) => severity === "error")) process.exitCode = 1;
  refuseUnmodelled(verdict);
}

/** @throws UsageError where the file cannot be written */
function write(option: string, file: string, content: string): void {
  try {
    writeFileSync(file, content);
  } catch (error) {
    throw new UsageError(
      `${option} ${file} cannot be written: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}

/** Where the model cannot be read, or is not whole, nothing is proved. */
function refuseUnmodelled({ unmodelled, reach }: Verdict): void {
  if (unmodelled.length > 0 || !reach) process.exitCode = new UsageError().exitCode;
}

function resultOf(verdict: Verdict, { findings, suppressed, idle }: Sifted) {
  return {
    holds: findings.length === 0,
    checked: verdict.checked,
    unchecked: verdict.unchecked,
    findings: findings.map(({ origin, trace: steps, ...finding }) => ({
      ...finding,
      ...(origin ? { resource: origin.resource, at: placeOf(origin) } : {}),
      ...(steps ? { trace: steps.map(({ stage, by, why }) => ({ stage, by, why })) } : {}),
    })),
    suppressed: suppressed.map(({ finding, reason }) => ({ rule: finding.rule, what: finding.what, reason })),
    idleSuppressions: idle,
  };
}

function textOf(
  stacks: number,
  { checked, unchecked, reach, findings: all }: Verdict,
  { findings, suppressed, idle }: Sifted,
): string {
  const classes = reach?.places.reduce((sum, place) => sum + reach.from(place).length, 0) ?? 0;
  const broken = new Set(all.map(({ rule }) => rule));
  return [
    `${stacks} stacks, ${reach?.places.length ?? 0} places, ${classes} classes of packets`,
    ...checked.map((name) => `${broken.has(name) ? "✖" : "✔"} ${name}`),
    ...(unchecked.length > 0
      ? [
          "",
          `Not checked, because ${reach ? "nothing declares what is meant" : "the model cannot be read"}: ${unchecked.join(", ")}`,
        ]
      : []),
    ...suppressed.map(({ finding, reason }) => `\nSuppressed: ${finding.rule}: ${finding.what}\n  because ${reason}`),
    ...idle.map(({ claim, what }) => `\nA suppression fits nothing any more: ${claim}: ${what}`),
    ...findings.map(
      ({ rule, severity, what, why, origin }) =>
        `\n${severity}: ${rule}: ${what}\n  ${why}${origin ? `\n  ${placeOf(origin)}` : ""}`,
    ),
    "",
    findings.length === 0
      ? "Everything that was checked holds."
      : findings.length === 1
        ? "1 finding."
        : `${findings.length} findings.`,
    "",
  ].join("\n");
}
