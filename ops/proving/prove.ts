import { writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { UsageError } from "../../failure";
import { addressesOf } from "../../proof/packets/addresses";
import { servicesOf, servicesText } from "../../proof/packets/services";
import { findingsText, modelled, unmodelledText, type Verdict, verdictOn } from "../../proof/prove";
import { ask } from "../../proof/reach/ask";
import { failedOver } from "../../proof/reach/public-dns";
import type { Reach } from "../../proof/reach/reach";
import { rightOf } from "../../proof/reach/rights";
import { differenceBetween } from "../../proof/report/difference";
import { matrixOf } from "../../proof/report/matrix";
import { matrixText } from "../../proof/report/matrix-text";
import { namesOf } from "../../proof/report/names";
import { json } from "../frame/options";
import { fileAndLine } from "./lines";
import { pageOf } from "./page/page";
import { placeNamed } from "./place-named";
import { resultOf, textOf } from "./result";
import { sarifOf } from "./sarif";
import { outdirOf, stacksIn, type Subject, type SubjectOptions, subjectOf } from "./subject";
import { suppressionsIn } from "../suppressions-file";
import { withSuppressions } from "./suppressions";
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
function refuseTogether(options: ProveOptions): void {
  const { from, to, port, against: folder, matrix: isMatrix, sarif, html } = options;
  const asked = [
    ...((from ?? to ?? port) === undefined ? [] : ["--from, --to and --port"]),
    ...(folder === undefined ? [] : ["--against"]),
    ...(isMatrix ? ["--matrix"] : []),
    ...((sarif ?? html) === undefined ? [] : ["--sarif and --html, which hold every claim"]),
  ];
  if (asked.length > 1) throw new UsageError(`Ask one thing at a time: ${asked.join("; or ")}.`);
  const isTrace = (from ?? to ?? port) !== undefined;
  const idle = [
    ...(options.failedOver && !isTrace ? ["--failed-over belongs to --from, --to and --port"] : []),
    ...(options.claims !== undefined && asked.length > 0 && (sarif ?? html) === undefined
      ? ["--claims declares what is checked, and nothing is checked here"]
      : []),
    ...(options.plan !== undefined && folder !== undefined
      ? ["--against compares synthesized stacks, and --plan reads plans"]
      : []),
  ];
  if (idle.length > 0) throw new UsageError(`${idle.join(". ")}.`);
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
  if (from === undefined || to === undefined || port === undefined) {
    const missing = Object.entries({ "--from": from, "--to": to, "--port": port }).flatMap(([option, value]) =>
      value === undefined ? [option] : [],
    );
    throw new UsageError(
      `A trace needs ${missing.join(" and ")}, too: for example --from eastus2/spoke-vnet/workload-subnet --to 10.1.2.4 --port 443.`,
    );
  }
  refuseAddress(to);
  const verdict = modelled(stacks);
  const reach = reachOf(verdict);
  const place = placeNamed(reach, from, "--from");
  let service;
  try {
    service = servicesOf(protocol, [port]);
    if (!/^(tcp|udp|\*|any)$/i.test(protocol)) throw new Error(`${protocol} has no ports: write tcp or udp.`);
  } catch (error) {
    throw new UsageError(
      `--port ${port} --protocol ${protocol}: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
  const asked = ask(reach, { place, to, service, ...(isAfter ? { aliases: failedOver(reach.lookup) } : {}) });
  const right = asked.verdict === "reaches" ? rightOf(reach, place, asked.target) : undefined;
  const reply = right ? { ...asked, steps: [...asked.steps, right] } : asked;
  if (asJson) {
    const steps = reply.steps.map(({ origin, ...step }) => ({
      ...step,
      resource: origin.resource,
      at: fileAndLine(origin),
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
  const [before, after] = [modelled(stacksIn(folder, "--against")), modelled(stacks)];
  const { added, removed } = differenceBetween(reachOf(before), reachOf(after));
  if (asJson) process.stdout.write(json({ added, removed }));
  else if (added.length + removed.length === 0) process.stdout.write("No way, no name and no right changes.\n");
  else
    process.stdout.write([...removed.map((line) => `- ${line}`), ...added.map((line) => `+ ${line}`), ""].join("\n"));
  refuseUnmodelled(before, after);
}

async function claims({ stacks, declared }: Subject, options: ProveOptions): Promise<void> {
  // Rules are about the order and the shape of these stacks; claims hold for every configuration.
  const rules = options.plan ? { rules: [] } : {};
  const verdict = verdictOn(stacks, { ...declared, ...rules });
  const result = withSuppressions(verdict.findings, suppressionsIn(options.suppressions).claims);
  if (options.sarif !== undefined) write("--sarif", options.sarif, json(sarifOf(result, verdict.checked)));
  if (options.html !== undefined)
    write("--html", options.html, await pageOf({ verdict, reach: reachOf(verdict), result, of: sourceOf(options) }));
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
  process.stderr.write(`${option}: ${resolve(file)} is written.\n`);
}

/** Where the model cannot be read, or lacks something, nothing is proved: what it lacks is on standard error, and the exit code says so. */
function refuseUnmodelled(...verdicts: readonly Verdict[]): void {
  const lacking = verdicts.flatMap(({ unmodelled }) => unmodelled);
  if (lacking.length > 0) process.stderr.write(`${unmodelledText(lacking)}\n`);
  if (lacking.length > 0 || verdicts.some(({ reach }) => !reach)) process.exitCode = new UsageError().exitCode;
}

/** What was proved, as a page names it. */
function sourceOf({ stacks, plan }: ProveOptions): string {
  return plan?.join(", ") ?? outdirOf(stacks);
}
