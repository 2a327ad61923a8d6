import type { Finding, Verdict } from "../../../proof/prove";
import { fileAndLine } from "../lines";
import type { CountedFindings } from "../suppressions";
import { escaped } from "./html";

/** What was checked, and what was found. */
export function summary(verdict: Verdict, result: CountedFindings): string {
  const { checked, unchecked, unmodelled, reach, findings: all } = verdict;
  const { findings, suppressed } = result;
  const broken = new Set(all.map(({ rule }) => rule));
  const count = findings.length === 1 ? "1 finding" : `${findings.length} findings`;
  const says =
    findings.length === 0
      ? `<strong class="holds">Everything that was checked holds.</strong>`
      : `<strong class="breaks">${count}.</strong>`;
  return `<section aria-labelledby="found-title">
<h2 id="found-title">What was found</h2>
${unmodelled.length > 0 ? `<p class="banner" role="alert"><strong>Nothing is proved.</strong> Not in the model: ${unmodelled.length === 1 ? "1 resource" : `${unmodelled.length} resources`} that may open or close any way below.</p>` : ""}
<p>${says} ${checked.length} rules and claims, ${reach?.places.length ?? 0} places.</p>
${list(findings.map(findingItem))}
${suppressed.length > 0 ? "<h3>Suppressed</h3>" : ""}
${list(suppressed.map(({ finding, reason }) => `${escaped(finding.what)} <em>${escaped(reason)}</em>`))}
<details><summary>What was checked</summary>
${list(checked.map((name) => `${broken.has(name) ? "does not hold" : "holds"}: ${escaped(name)}`))}
${unchecked.length > 0 ? `<p>Not checked, because nothing declares what is meant: ${escaped(unchecked.join(", "))}</p>` : ""}
</details>
</section>`;
}

function findingItem({ rule, severity, what, why, origin }: Finding): string {
  const at = origin ? `<br><code>${escaped(fileAndLine(origin))}</code>` : "";
  return `<strong>${severity}: ${escaped(rule)}</strong>: ${escaped(what)}<br>${escaped(why)}${at}`;
}

function list(items: readonly string[]): string {
  return items.length === 0 ? "" : `<ul>${items.map((item) => `<li>${item}</li>`).join("")}</ul>`;
}
