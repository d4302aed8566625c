/** The report's page: sections, charts and everything they need, in one document. Pure. */
import { COMPLEXITY_CLASSES } from "../measure/complexity-histogram.js";
import { BUILT_IN } from "../measure/module-import.js";
import type { CensusSummary } from "../summary/census-summary.js";
import type { OutlierDetail } from "../tasks/inspect-outlier.js";
import { allCharts } from "./charts/all-charts.js";
import { formatCount, formatShare } from "./format-figure.js";
import { codeForScript, html, jsonForScript, type Markup } from "./markup.js";
import { PALETTES, RAMP_RANGE } from "./palette.js";
import { headline } from "./sections/headline.js";
import { method, type Provenance, type ToolVersions } from "./sections/method.js";
import { outlierCards } from "./sections/outlier-cards.js";
import { packageTable } from "./sections/package-table.js";

/** What the page is made of. */
export interface PageContent {
  /** The census. */
  readonly summary: CensusSummary;
  /** The closer looks. */
  readonly details: readonly OutlierDetail[];
  /** How and when. */
  readonly made: Provenance;
}

/** What the page carries with it. */
export interface PageAssets {
  /** Style sheet. */
  readonly style: string;
  /** The page's own script. */
  readonly script: string;
  /** ECharts, as a classic script that defines `echarts`. */
  readonly charts: string;
  /** For the imprint. */
  readonly versions: ToolVersions;
}

/** The whole document. */
export function page({ summary, details, made }: PageContent, assets: PageAssets): string {
  const script = (code: string): Markup => ({ html: `<script>${codeForScript(code)}</script>` });
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Code census</title>
<style>${{ html: assets.style }}</style>
</head>
<body>
<button type="button" id="appearance" class="quiet" aria-label="Switch between light and dark">◐</button>
<main>
${headline(summary)}
<section>
  <h2>Where the code is</h2>
  <p>Each area is a package, as large as its source. The colour is the mean complexity of its functions.</p>
  ${legend()}
  ${chart("treemap", "Treemap of packages by size of source")}
</section>
<section>
  <h2>Complex, or only large?</h2>
  <p>Each dot is a package: how much source it has, and how hard its average function is. The larger the dot, the more files.</p>
  ${chart("scatter", "Mean complexity of functions against lines of source")}
</section>
${outlierCards(summary, details)}
<div class="pair">
<section>
  <h2>Twenty with the most paths</h2>
  <p>Cyclomatic complexity of all functions of a package together.</p>
  ${chart("top-packages", "Twenty packages by total complexity")}
</section>
<section>
  <h2>Twenty most asked for</h2>
  <p>${importSentence(summary)}</p>
  ${chart("top-dependencies", "Twenty packages by number of packages that import them")}
</section>
</div>
<section>
  <h2>How complex a function is</h2>
  <p>${complexitySentence(summary)}</p>
  ${chart("histogram", "Functions by complexity")}
</section>
${packageTable(summary)}
${method(summary, made, assets.versions)}
</main>
<script type="application/json" id="charts">${{ html: jsonForScript(allCharts(summary)) }}</script>
${script(assets.charts)}
${script(assets.script)}
</body>
</html>
`.html;
}

function chart(id: string, label: string): Markup {
  return html`<div class="chart" id="${id}" role="img" aria-label="${label}"></div>`;
}

function importSentence({ dependencies, totals }: CensusSummary): string {
  const builtIn = dependencies.find((entry) => entry.package === BUILT_IN)?.importers ?? 0;
  return `Packages whose source imports them. ${formatCount(builtIn)} of ${formatCount(totals.packages)} import what is built into Node.`;
}

function complexitySentence({ histogram, totals }: CensusSummary): string {
  const from = (bound: number): number =>
    histogram.reduce((sum, count, index) => sum + ((COMPLEXITY_CLASSES[index] ?? 0) >= bound ? count : 0), 0);
  const simple = formatShare(histogram[0] ?? 0, totals.functions);
  return `${simple} of all functions have a single path, ${formatShare(from(10), totals.functions)} have ten or more.`;
}

function legend(): Markup {
  const [low, high] = RAMP_RANGE;
  const gradient = (ramp: readonly string[]): string => `linear-gradient(to right, ${ramp.join(", ")})`;
  const style = `--light:${gradient(PALETTES.light.ramp)};--dark:${gradient(PALETTES.dark.ramp)}`;
  const position = (mean: number): string =>
    `left:${((100 * Math.log(mean / low)) / Math.log(high / low)).toFixed(1)}%`;
  return html`<div class="legend"><div class="ramp"><i style="${style}"></i>${[1, 2, 4, 8, 12].map(
    (mean) => html`<span style="${position(mean)}">${mean === high ? `${mean}+` : mean}</span>`,
  )}</div><i class="none"></i><span>types only</span></div>`;
}
