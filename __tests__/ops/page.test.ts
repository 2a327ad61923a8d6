import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { source as axe } from "axe-core";
import type { Browser, Page } from "playwright-core";
import { loadTopology } from "../../topology/load";
import { browser, CHROMIUM } from "../../bench/browser";
import type { PageData } from "../../ops/proving/page/page-data";
import { pageOf } from "../../ops/proving/page/page";
import { verdictOn } from "../../proof/prove";
import type { Reach } from "../../proof/reach/reach";
import { connectionsOf } from "../../proof/report/connections";
import { matrixOf } from "../../proof/report/matrix";

import { build } from "../support/build";
import { topologyWith, viaGateway } from "../support/topologies";
import { testWhere } from "../support/programs";

jest.setTimeout(120_000);

const testInBrowser = testWhere(CHROMIUM !== undefined, "there is no Chromium");
const folder = mkdtempSync(join(tmpdir(), "page-"));
const file = join(folder, "page.html");
let html: string;
let reach: Reach;
let chromium: Browser | undefined;

beforeAll(async () => {
  const topology = topologyWith();
  const stacks = build(topology);
  const verdict = verdictOn(stacks, { topology });
  if (!verdict.reach) throw new Error("The stacks cannot be read.");
  reach = verdict.reach;
  const finding = { rule: "a-rule", severity: "error", what: '<b>bold</b> & "quoted"', why: "</script>" } as const;
  html = await pageOf({ verdict, reach, result: { findings: [finding], suppressed: [], idle: [] }, of: "cdktf.out" });
  writeFileSync(file, html);
  if (CHROMIUM !== undefined) chromium = await browser();
});
afterAll(async () => {
  await chromium?.close();
  rmSync(folder, { recursive: true, force: true });
});

/** The page, opened; everything that it asks of the network or reports as an error. */
async function opened(colorScheme: "light" | "dark" = "light"): Promise<{ page: Page; troubles: string[] }> {
  if (!chromium) throw new Error("There is no browser.");
  const page = await chromium.newPage({ colorScheme, viewport: { width: 1280, height: 900 } });
  const troubles: string[] = [];
  page.on("pageerror", ({ message }) => troubles.push(message));
  page.on("console", (message) => message.type() === "error" && troubles.push(message.text()));
  page.on("request", (request) => request.url().startsWith("file:") || troubles.push(request.url()));
  await page.goto(`file://${file}`);
  await page.waitForSelector("tbody tr button");
  return { page, troubles };
}

const dataIn = (page: string) => JSON.parse(/id="data">(.*?)<\/script>/s.exec(page)?.[1] ?? "{}") as PageData;

test("the page holds every way of the matrix and every connection to a name, with its trace", () => {
  const { texts, steps, traces, ways, names } = dataIn(html);
  const traceOf = (index: number) =>
    (traces[index] ?? []).map((step) => (steps[step] ?? []).slice(0, 3).map((text) => texts[text]));
  const read = (rows: PageData["ways"]) =>
    rows.map(([from, , to, , verdict, services, , trace]) =>
      JSON.stringify([texts[from], texts[to], texts[verdict], texts[services], traceOf(trace)]),
    );
  const stepsText = (trace: readonly { stage: string; by: string; why: string }[]) =>
    trace.map(({ stage, by, why }) => [stage, by, why]);
  expect(read(ways).sort()).toEqual(
    matrixOf(reach)
      .map(({ from, to, verdict, services, steps: trace }) =>
        JSON.stringify([from, to, verdict, services, stepsText(trace)]),
      )
      .sort(),
  );
  expect(read(names).sort()).toEqual(
    connectionsOf(reach)
      .map(({ from, name, isAfterFailover, verdict, services, steps: trace }) =>
        JSON.stringify([
          from,
          isAfterFailover ? `${name} after a failover` : name,
          verdict,
          services,
          stepsText(trace),
        ]),
      )
      .sort(),
  );
});

test("the drawing has every network, subnet, endpoint, machine, app and firewall, and what endpoints lead to", () => {
  const { networks, subnets, endpoints, interfaces, apps, firewalls, services } = reach.model;
  const drawn = [...html.matchAll(/<title>([^<]*)<\/title>/g)].map(([, title]) =>
    (title ?? "").replaceAll("&#45;", "-"),
  );
  const led = services.filter(({ id, kind }) => kind !== "site" && endpoints.some(({ targetId }) => targetId === id));
  for (const { id } of [...networks, ...subnets]) expect(drawn).toContain(`cluster_${id}`);
  for (const { id } of [...endpoints, ...interfaces, ...apps, ...firewalls, ...led]) expect(drawn).toContain(id);
});

test.each([
  ["a VPN gateway", topologyWith(viaGateway("vpn-gateway")), ">Vpn gateway<"],
  ["an existing hub", loadTopology(join(__dirname, "../../docs/examples/existing-hubs.json")), ">the filter of hub"],
])("with %s the drawing has what is beyond the hub, and nothing that no item is", async (_, topology, beyond) => {
  const verdict = verdictOn(build(topology), { rules: [], claims: [] });
  if (!verdict.reach) throw new Error("The stacks cannot be read.");
  const page = await pageOf({
    verdict,
    reach: verdict.reach,
    result: { findings: [], suppressed: [], idle: [] },
    of: "cdktf.out",
  });
  // Graphviz draws a box for a name that only a line has: with the name as its text.
  expect([page.includes(beyond), /<text[^>]*>\/subscriptions/.test(page)]).toEqual([true, false]);
});

test("a text of the stacks cannot become part of the page's markup", () => {
  expect(html).toContain("&lt;b&gt;bold&lt;/b&gt; &amp; &quot;quoted&quot;");
  expect(html).not.toContain("<b>bold");
});

testInBrowser("it opens without an error, and loads nothing", async () => {
  const { page, troubles } = await opened();
  expect(await page.title()).toBe("What reaches what: cdktf.out");
  expect(troubles).toEqual([]);
  await page.close();
});

describe.each(["light", "dark"] as const)("in the %s", (scheme) => {
  testInBrowser("axe finds nothing, with a dialog and without", async () => {
    const { page } = await opened(scheme);
    await page.evaluate(axe);
    const check = async () => {
      const found = await page.evaluate(() =>
        (globalThis as unknown as { axe: { run: () => Promise<{ violations: AxeViolation[] }> } }).axe.run(),
      );
      return found.violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html: at }) => at).join(" ")}`);
    };
    expect(await check()).toEqual([]);
    await page.selectOption("#filter-from", "Internet");
    await page.click("tbody tr:first-child button");
    expect(await check()).toEqual([]);
    await page.close();
  });
});

interface AxeViolation {
  readonly id: string;
  readonly nodes: readonly { readonly html: string }[];
}

testInBrowser("ways are filtered by place, destination, verdict, kind and text", async () => {
  const { page } = await opened();
  const cells = matrixOf(reach);
  const some = cells.find(({ from, verdict }) => from.startsWith("app ") && verdict === "reaches");
  if (!some) throw new Error("No app reaches anything.");
  const info = () => page.textContent(".dt-info");
  await page.selectOption("#filter-from", some.from);
  await page.selectOption("#filter-verdict", "reaches");
  await page.selectOption("#filter-by", "address");
  const own = cells.filter(({ from, verdict }) => from === some.from && verdict === "reaches");
  expect(await info()).toMatch(new RegExp(`of ${own.length} entries`));
  await page.selectOption("#filter-to", some.to);
  expect(await info()).toMatch(new RegExp(`of ${own.filter(({ to }) => to === some.to).length} entr`));
  await page.getByRole("button", { name: "Show all" }).click();
  const all = matrixOf(reach).length + connectionsOf(reach).length;
  expect(await info()).toContain(`of ${all.toLocaleString("en-US")} entries`);
  await page.getByRole("searchbox").fill("no such text");
  await page.getByText("No way matches.").waitFor();
  await page.close();
});

testInBrowser("a trace opens by the keyboard, shows each stage with its line, and gives the focus back", async () => {
  const { page } = await opened();
  const button = page.locator("tbody tr:first-child button");
  await button.focus();
  const label = await button.getAttribute("aria-label");
  await page.keyboard.press("Enter");
  const dialog = page.getByRole("dialog");
  expect(await dialog.isVisible()).toBe(true);
  const [, from, to, on] = /^Trace from (.*) to (.*) on (.*)$/.exec(label ?? "") ?? [];
  const way = matrixOf(reach).find((cell) => cell.from === from && cell.to === to && cell.services === on);
  const items = await dialog.locator("li").allTextContents();
  expect(items).toHaveLength(way?.steps.length ?? 0);
  way?.steps.forEach(({ stage, by, why }, index) => {
    expect(items[index]).toContain(`${stage}: ${by}${why}`);
  });
  expect(items.join()).toMatch(/cdk\.tf\.json:\d+/);
  await page.keyboard.press("Escape");
  expect(await dialog.isVisible()).toBe(false);
  expect(await page.evaluate("document.activeElement.getAttribute('aria-label')")).toBe(label);
  await page.close();
});

testInBrowser("a box of the drawing asks for what it reaches, by the keyboard too, and marks it", async () => {
  const { page } = await opened();
  const app = reach.model.apps[0]?.name ?? "";
  const box = page.locator("figure a", { hasText: app }).filter({ hasText: "app" }).first();
  await box.focus();
  await page.keyboard.press("Enter");
  await page.waitForFunction("location.hash !== ''");
  expect(await page.inputValue("#filter-from")).toBe(`app ${app}`);
  const reached = new Set(
    matrixOf(reach).flatMap(({ from, to, verdict }) => (from === `app ${app}` && verdict === "reaches" ? [to] : [])),
  );
  const { texts, names } = dataIn(html);
  const named = names.flatMap(([from, , to, , verdict]) =>
    texts[from] === `app ${app}` && texts[verdict] === "reaches" ? [texts[to]] : [],
  );
  const all = new Set([...reached, ...named]);
  expect(await page.textContent("#marked")).toContain(`app ${app} reaches ${all.size} addresses and names`);
  expect(await page.locator("figure a.reaches").count()).toBe(reached.size);
  await page.close();
});

testInBrowser("the sentence above the drawing says what the table says", async () => {
  const { page } = await opened();
  const name = "lockdown-pc.servicebus.windows.net";
  const said = async (filter: Record<string, string>) => {
    await page.goto(`file://${file}#${new URLSearchParams(filter).toString()}`);
    return (await page.textContent("#marked")) ?? "";
  };
  const senders = new Set(
    connectionsOf(reach).flatMap((each) => (each.name === name && each.verdict === "reaches" ? [each.from] : [])),
  );
  expect(senders.size).toBeGreaterThan(1);
  expect(await said({ to: name })).toContain(`${senders.size} places reach ${name}`);
  const [from = ""] = senders;
  expect(await said({ from, to: name })).toBe(`${from} reaches ${name}.`);
  expect(await said({ from: "nonsense" })).toBe("There is no nonsense here.");
  await page.close();
});

testInBrowser("on a narrow screen nothing but the drawing and the table is moved sideways", async () => {
  const { page } = await opened();
  await page.setViewportSize({ width: 400, height: 800 });
  const [wide, to] = await Promise.all([
    page.evaluate<number>("document.documentElement.scrollWidth"),
    page.evaluate<number>("document.querySelector('#ways td:nth-child(2)').getBoundingClientRect().width"),
  ]);
  expect(wide).toBeLessThanOrEqual(400);
  // Wide enough for words.
  expect(to).toBeGreaterThan(120);
  await page.close();
});

testInBrowser("no text of the drawing is wider than its box", async () => {
  const { page } = await opened();
  const wide = await page.evaluate<string[]>(
    `[...document.querySelectorAll("figure .node")].flatMap((node) => {
      const box = node.querySelector("path, polygon").getBoundingClientRect().width;
      return [...node.querySelectorAll("text")].filter((text) => text.getBoundingClientRect().width > box).map((text) => text.textContent);
    })`,
  );
  expect(wide).toEqual([]);
  await page.close();
});

testInBrowser("each link of the drawing leads somewhere", async () => {
  const { page } = await opened();
  expect(await page.locator("figure a").count()).toBe(
    await page.evaluate<number>("[...document.querySelectorAll('figure a')].filter((a) => a.href.baseVal).length"),
  );
  await page.close();
});

testInBrowser("the address of the page holds the filter", async () => {
  const { page } = await opened();
  await page.goto(`file://${file}#from=Internet&verdict=cannot`);
  expect([await page.inputValue("#filter-from"), await page.inputValue("#filter-verdict")]).toEqual([
    "Internet",
    "cannot",
  ]);
  await page.close();
});
