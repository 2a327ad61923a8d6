import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { pageOf } from "../ops/proving/page/page";
import { verdictOn } from "../proof/prove";
import type { SynthesizedStack } from "../synthesized/cdktf-out";
import { browser, CHROMIUM } from "./browser";
import { median, verdict } from "./statistics";

const ROUNDS = 5;
const GOAL = 1000;

/** What a person waits for: the page is open, and then a filter is chosen. The browser runs already, as a person's does. */
export async function pageCost(name: string, stacks: readonly SynthesizedStack[], folder: string): Promise<void> {
  if (CHROMIUM === undefined) {
    console.log(`the page for ${name}: skipped, there is no Chromium`);
    return;
  }
  const file = join(folder, "page.html");
  const result = verdictOn(stacks);
  if (!result.reach) throw new Error("The stacks cannot be read.");
  const html = await pageOf({
    verdict: result,
    reach: result.reach,
    result: { findings: result.findings, suppressed: [], idle: [] },
    of: name,
  });
  writeFileSync(file, html);
  const chromium = await browser();
  try {
    const page = await chromium.newPage();
    const [opening, filtering]: [number[], number[]] = [[], []];
    for (let round = 0; round < ROUNDS; round += 1) {
      await page.goto("about:blank");
      await page.goto(`file://${file}`);
      opening.push(await page.evaluate<number>("performance.getEntriesByType('navigation')[0].loadEventEnd"));
      filtering.push(await page.evaluate<number>(CHOOSE));
    }
    const line = (what: string, ms: number) => {
      console.log(`${what.padEnd(34)}${ms.toFixed(0)} ms   goal ≤ ${GOAL} ms   ${verdict(ms <= GOAL)}`);
    };
    line(`the page for ${name} opens in`, median(opening));
    line("  and is filtered in", median(filtering));
    console.log(`  ${(html.length / 1e6).toFixed(1)} MB`);
  } finally {
    await chromium.close();
  }
}

/** Chooses a place, and waits until it is drawn. */
const CHOOSE = `(async () => {
  const began = performance.now();
  const field = document.getElementById("filter-from");
  field.selectedIndex = 3;
  field.dispatchEvent(new Event("change", { bubbles: true }));
  await new Promise((drawn) => setTimeout(() => requestAnimationFrame(() => requestAnimationFrame(drawn))));
  return performance.now() - began;
})()`;
