import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { instance } from "@viz-js/viz";
import type { Reach } from "../../../proof/reach/reach";
import type { Verdict } from "../../../proof/prove";
import type { CountedFindings } from "../suppressions";
import { collected } from "./collected";
import { connectedNetworks } from "./connected-networks";
import { drawingOf } from "./drawing";
import { endsOf } from "./ends";
import { escaped, inScript } from "./html";
import type { PageData } from "./page-data";
import { script } from "./script";
import { summary } from "./summary";

export interface PageProps {
  readonly verdict: Verdict;
  /** The verdict's. */
  readonly reach: Reach;
  readonly result: CountedFindings;
  /** What was proved: a folder of stacks, or files of plans. */
  readonly of: string;
}

/** The proof as one page: what was found, the networks as a drawing, and each way with its trace. It holds all that it needs and loads nothing. */
export async function pageOf({ verdict, reach, result, of }: PageProps): Promise<string> {
  const data = collected(reach);
  const [code, style] = [script(), readFileSync(join(__dirname, "page.css"), "utf8")];
  const policy = `default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-${createHash("sha256").update(code).digest("base64")}'`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<title>What reaches what: ${escaped(of)}</title>
<style>${style}</style>
</head>
<body>
<a class="skip" href="#ways">To the table</a>
<header>
<h1>What reaches what</h1>
<p class="of">Computed from <code>${escaped(of)}</code></p>
</header>
<main>
${summary(verdict, result)}
<section aria-labelledby="networks-title">
<h2 id="networks-title">The networks</h2>
<p>Choose a box to filter by it. Blue: the default route. Dotted: Private Link. Green: reached. Dashed: may be reached.</p>
<p id="marked" role="status"></p>
${await drawings(reach)}
</section>
<section aria-labelledby="ways-title">
<h2 id="ways-title">The ways</h2>
${filterForm(data)}
<table id="ways">
<caption>From each place to each destination by its address, and to each name.</caption>
<thead><tr><th>From</th><th>To</th><th>Verdict</th><th>On</th><th>Decided by</th><th>Trace</th></tr></thead>
</table>
</section>
</main>
<dialog id="trace" aria-labelledby="trace-title">
<form method="dialog"><button autofocus>Close</button></form>
<h2 id="trace-title"></h2>
<p><span id="trace-verdict"></span> <span id="trace-detail"></span></p>
<ol id="trace-steps"></ol>
</dialog>
<script type="application/json" id="data">${inScript(data)}</script>
<script>${code}</script>
</body>
</html>
`;
}

/** A drawing for all networks that are connected. */
async function drawings(reach: Reach): Promise<string> {
  const viz = await instance();
  const ends = endsOf(reach);
  return connectedNetworks(reach.model)
    .map((networks, index) => {
      const title = escaped(networks.map(({ name, location }) => `${location ?? "existing"}/${name}`).join(", "));
      const svg = viz
        .renderString(drawingOf(networks, { reach, ends }), { format: "svg" })
        .replace(/^[\s\S]*?(?=<svg)/, "")
        // Graphviz makes a link of each thing that has a tooltip.
        .replace(/<a xlink:title="[^"]*">([\s\S]*?)<\/a>/g, "$1");
      return `<details${index === 0 ? " open" : ""}><summary>${title}</summary>\n<figure class="drawing" aria-label="${title}">${svg}</figure></details>`;
    })
    .join("\n");
}

function filterForm({ texts, ways, names }: PageData): string {
  const text = (index: number) => texts[index] ?? "";
  const options = (indexes: readonly number[]) =>
    [...new Set(indexes)]
      .map((index) => escaped(text(index)))
      .sort()
      .map((value) => `<option value="${value}">${value}</option>`)
      .join("");
  const froms = options([...ways, ...names].map(([from]) => from));
  const [tos, hosts] = [options(ways.map(([, , to]) => to)), options(names.map(([, , to]) => to))];
  const field = (name: string, label: string, content: string) =>
    `<label>${label} <select id="filter-${name}"><option value="">all</option>${content}</select></label>`;
  return `<form id="filter" aria-label="Filter">
${field("from", "From", froms)}
${field("to", "To", `<optgroup label="By address">${tos}</optgroup><optgroup label="By name">${hosts}</optgroup>`)}
${field("verdict", "Verdict", '<option value="reaches">reaches</option><option value="unknown">unknown</option><option value="cannot">cannot</option>')}
${field("by", "Asked by", '<option value="address">address</option><option value="name">name</option>')}
<button type="reset">Show all</button>
</form>`;
}
