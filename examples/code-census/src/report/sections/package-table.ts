/** Section: every package in a table that the page's script sorts and filters. */
import type { CensusSummary, PackageSummary } from "../../summary/census-summary.js";
import { formatBytes, formatCount, formatMean } from "../format-figure.js";
import { html, type Markup } from "../markup.js";

interface Column {
  readonly title: string;
  /** What the script sorts by. */
  readonly value: (entry: PackageSummary) => number | string;
  readonly cell: (entry: PackageSummary) => Markup;
}

const COLUMNS: readonly Column[] = [
  {
    title: "Package",
    value: (p) => p.name.toLowerCase(),
    cell: (p) => html`<b>${p.name}</b> <small>${p.version}</small><br><small class="path">${p.path}</small>`,
  },
  { title: "Files", value: (p) => p.files, cell: (p) => html`${formatCount(p.files)}` },
  { title: "Source", value: (p) => p.bytes, cell: (p) => html`${formatBytes(p.bytes)}` },
  { title: "Lines", value: (p) => p.lines, cell: (p) => html`${formatCount(p.lines)}` },
  { title: "Functions", value: (p) => p.functions, cell: (p) => html`${formatCount(p.functions)}` },
  { title: "Complexity", value: (p) => p.complexity, cell: (p) => html`${formatCount(p.complexity)}` },
  {
    title: "Mean",
    value: (p) => p.meanComplexity ?? -1,
    cell: (p) => html`${p.meanComplexity === null ? "–" : formatMean(p.meanComplexity)}`,
  },
  {
    title: "Hardest function",
    value: (p) => p.hardest?.complexity ?? -1,
    cell: ({ hardest }) =>
      hardest
        ? html`<b>${formatCount(hardest.complexity)}</b> <code>${hardest.name}</code><br><small class="path">${hardest.file}:${hardest.line}</small>`
        : html`–`,
  },
  {
    title: "Imports",
    value: (p) => p.imports.length,
    cell: (p) => html`<span title="${p.imports.join(", ")}">${formatCount(p.imports.length)}</span>`,
  },
];

/** All packages, largest first. */
export function packageTable({ packages }: CensusSummary): Markup {
  const rows = [...packages].sort((a, b) => b.bytes - a.bytes);
  return html`<section id="packages">
  <h2>All packages</h2>
  <p class="tools"><input type="search" id="filter" placeholder="Filter by name" aria-label="Filter packages by name">
    <span id="shown"></span></p>
  <div class="scroll"><table>
    <thead><tr>${COLUMNS.map((c) => html`<th scope="col" aria-sort="${c.title === "Source" ? "descending" : "none"}"><button type="button">${c.title}</button></th>`)}</tr></thead>
    <tbody>${rows.map(
      (entry) => html`
      <tr>${COLUMNS.map((column) => html`<td data-value="${column.value(entry)}">${column.cell(entry)}</td>`)}</tr>`,
    )}
    </tbody>
  </table></div>
  <p><button type="button" id="more" class="quiet" hidden>Show all packages</button></p>
</section>`;
}
