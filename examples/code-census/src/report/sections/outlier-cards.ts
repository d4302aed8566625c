/** Section: the outliers, each with the functions to blame. */
import type { CensusSummary, Outlier } from "../../summary/census-summary.js";
import type { OutlierDetail } from "../../tasks/inspect-outlier.js";
import { formatCount, formatMean, formatNoun } from "../format-figure.js";
import { html, type Markup } from "../markup.js";

const FUNCTIONS_SHOWN = 5;
const FILES_SHOWN = 3;

/** A card for each outlier, or a sentence that there is none. */
export function outlierCards({ outliers, outlierRule }: CensusSummary, details: readonly OutlierDetail[]): Markup {
  const byId = new Map(details.map((detail) => [detail.id, detail]));
  const rule = html`Of ${formatNoun(outlierRule.compared, "package")} with at least ${outlierRule.minFunctions} functions the
    median has a mean complexity of ${formatMean(outlierRule.median)}; the median deviation from it is
    ${outlierRule.deviation.toFixed(2)}. Above ${formatMean(outlierRule.threshold)} a package counts as an outlier.`;
  return html`<section id="outliers">
  <h2>What stands out</h2>
  <p>${rule}</p>
  ${outliers.length === 0 ? html`<p>None does.</p>` : html`<div class="cards">${outliers.map((o) => card(o, byId.get(o.id)))}</div>`}
</section>`;
}

function card(outlier: Outlier, detail: OutlierDetail | undefined): Markup {
  return html`
  <article>
    <h3>${outlier.name} <small>${outlier.version}</small></h3>
    <p class="verdict"><b>${formatMean(outlier.meanComplexity)}</b> mean complexity,
      ${formatMean(outlier.deviations)} deviations above the median</p>
    ${detail ? functionList(detail) : html``}
    ${detail ? fileList(detail) : html``}
    <p class="path">${outlier.path}</p>
  </article>`;
}

function functionList({ functions }: OutlierDetail): Markup {
  const most = Math.max(1, ...functions.map((fn) => fn.complexity));
  return html`<h4>Hardest functions</h4>
    <ol class="rows functions">${functions.slice(0, FUNCTIONS_SHOWN).map(
      (fn) => html`
      <li><code title="${fn.name}">${fn.name}</code> <b>${formatCount(fn.complexity)}</b>
        <span class="meter" style="--share:${fn.complexity / most}"></span>
        <small title="${fn.file}:${fn.line}"><bdi>${fn.file}:${fn.line}</bdi></small> <small>${formatNoun(fn.lines, "line")}</small></li>`,
    )}
    </ol>`;
}

function fileList({ files }: OutlierDetail): Markup {
  return html`<h4>Longest of its hardest files</h4>
    <ul class="rows">${files.slice(0, FILES_SHOWN).map(
      (file) => html`
      <li><code title="${file.path}">${file.path}</code> <small>${formatNoun(file.lines, "line")}, ${formatNoun(file.functions, "function")}</small></li>`,
    )}
    </ul>`;
}
