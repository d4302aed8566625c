/** Section: title, one sentence that sums up, and the figures. */
import type { CensusSummary, LanguageFigures } from "../../summary/census-summary.js";
import { formatBytes, formatCount, formatMean, formatNoun, formatShare } from "../format-figure.js";
import { html, type Markup } from "../markup.js";

/** The top of the page. */
export function headline(summary: CensusSummary): Markup {
  const { totals, outliers } = summary;
  return html`<header class="top">
  <p class="eyebrow">Code census</p>
  <h1>${formatCount(totals.lines)} lines you never wrote</h1>
  <p class="lead">Every JavaScript and TypeScript file under <code>node_modules</code>, parsed and measured:
    ${formatNoun(totals.packages, "package")}, ${formatNoun(totals.functions, "function")},
    and ${formatNoun(outliers.length, "package")} whose functions are far harder than their neighbours’.</p>
</header>
<dl class="figures">${figures(summary).map(
    ([name, value, note]) => html`
  <div><dt>${name}</dt><dd>${value}</dd><dd class="note">${note}</dd></div>`,
  )}
</dl>
${languages(summary)}`;
}

function figures({ totals, outlierRule }: CensusSummary): readonly (readonly [string, string, string])[] {
  const { packages, files, lines, bytes, functions, meanComplexity, hardest, unparsable } = totals;
  return [
    ["Packages", formatCount(packages), "with source code"],
    [
      "Files",
      formatCount(files),
      unparsable === 0 ? "all of them parsed" : `${formatCount(unparsable)} more could not be parsed`,
    ],
    ["Source", formatBytes(bytes), `${formatCount(Math.round(lines / Math.max(1, files)))} lines a file on average`],
    ["Functions", formatCount(functions), "with a body"],
    [
      "Mean complexity",
      meanComplexity === null ? "–" : formatMean(meanComplexity),
      `median of packages ${formatMean(outlierRule.median)}`,
    ],
    [
      "Hardest function",
      hardest ? formatCount(hardest.complexity) : "–",
      hardest ? `${hardest.name} in ${packageName(hardest.package)}` : "no functions",
    ],
  ];
}

/** `name@path` → `name`; a scope's `@` stands first. */
function packageName(id: string): string {
  return id.slice(0, id.indexOf("@", 1));
}

const LANGUAGE_NAMES: Readonly<Record<LanguageFigures["language"], string>> = {
  javascript: "JavaScript",
  typescript: "TypeScript",
  declaration: "Type declarations",
};

function languages({ languages: list, totals }: CensusSummary): Markup {
  return html`<div class="languages">
  <div class="strip" aria-hidden="true">${list.map(
    ({ language, bytes }) => html`<span class="${language}" style="flex-grow:${bytes}"></span>`,
  )}</div>
  <ul>${list.map(
    ({ language, files, bytes }) => html`
    <li class="${language}"><b>${LANGUAGE_NAMES[language]}</b> ${formatShare(bytes, totals.bytes)} of the source, ${formatNoun(files, "file")}</li>`,
  )}
  </ul>
</div>`;
}
