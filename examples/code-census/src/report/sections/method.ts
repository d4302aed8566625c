/** Section: what could not be read, what the figures mean, and how and when they were made. */
import type { CensusSummary } from "../../summary/census-summary.js";
import { formatCount, formatNoun } from "../format-figure.js";
import { html, type Markup } from "../markup.js";

/** How and when a report was made. */
export interface Provenance {
  /** ISO 8601, UTC. */
  readonly at: string;
  /** Id of the run. */
  readonly run: string;
  /** Version of Node. */
  readonly node: string;
}

/** Version of the parser and of the charts. */
export interface ToolVersions {
  /** @babel/parser */
  readonly parser: string;
  /** echarts */
  readonly charts: string;
}

/** The end of the page. */
export function method(summary: CensusSummary, made: Provenance, tools: ToolVersions): Markup {
  const { totals } = summary;
  return html`<section id="method">
  <h2>How this was made</h2>
  ${unparsable(summary)}
  <div class="columns">
    <p><b>Counted</b> are all files that end in <code>.js .mjs .cjs .jsx .ts .mts .cts .tsx</code>, declarations included.
      A nested <code>node_modules</code> belongs to the packages inside it; linked packages are left out.
      Two copies of a package in two places are two packages.</p>
    <p><b>Cyclomatic complexity</b> is 1 for a function, and 1 more for each <code>if</code>, <code>?:</code>, loop,
      <code>case</code>, <code>catch</code>, <code>&amp;&amp;</code>, <code>||</code>, <code>??</code> and their assignments.
      Functions inside a function count for themselves. ${formatCount(totals.topLevel)} decisions stand outside all functions.</p>
    <p><b>Imports</b> are import and export declarations, <code>import()</code> and <code>require()</code> of literal names,
      type declarations included; a package’s requests for itself are not counted.</p>
    <p><b>Made</b> on <time datetime="${made.at}">${made.at.slice(0, 16).replace("T", " ")} UTC</time> by the Millrace run
      <code>${made.run}</code>, in worker threads of Node ${made.node.replace(/^v/, "")}, with @babel/parser ${tools.parser};
      charts by ECharts ${tools.charts}. This page is one file and asks the network for nothing.</p>
  </div>
</section>`;
}

function unparsable({ unparsable: files }: CensusSummary): Markup {
  if (files.length === 0) return html``;
  return html`<details><summary>${formatNoun(files.length, "file")} could not be parsed</summary>
    <ul>${files.map(
      (file) => html`
      <li><code>${file.package.slice(file.package.indexOf("@", 1) + 1)}/${file.path}</code> <small>${file.message}</small></li>`,
    )}
    </ul></details>`;
}
