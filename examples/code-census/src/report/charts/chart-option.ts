/** What all charts share. A chart is an ECharts option made of JSON alone; words shown on hover are `tip` of a datum. */
import type { PackageSummary } from "../../summary/census-summary.js";
import { formatBytes, formatCount, formatMean, formatNoun } from "../format-figure.js";
import { escapeHtml } from "../markup.js";
import type { Palette } from "../palette.js";

/** An ECharts option without functions. */
export type ChartOption = Readonly<Record<string, unknown>>;

/** Fonts are the page's. */
export const FONT = 'Inter, ui-sans-serif, system-ui, "Segoe UI", Roboto, "Liberation Sans", sans-serif';

/** Options that every chart starts from. */
export function baseOption(palette: Palette): ChartOption {
  return {
    animationDuration: 500,
    textStyle: { fontFamily: FONT, color: palette.text },
    tooltip: {
      backgroundColor: palette.surface,
      borderColor: palette.line,
      textStyle: { color: palette.text, fontFamily: FONT, fontSize: 13 },
      confine: true,
    },
  };
}

/** Words, lines and grid of an axis. */
export function axisStyle(palette: Palette): ChartOption {
  return {
    axisLabel: { color: palette.faint, fontSize: 12 },
    nameTextStyle: { color: palette.faint, fontSize: 12 },
    axisLine: { lineStyle: { color: palette.line } },
    axisTick: { show: false },
    splitLine: { lineStyle: { color: palette.line } },
  };
}

/** What is shown of a package on hover, as HTML. */
export function packageTip(entry: PackageSummary): string {
  const rows = [
    `${formatBytes(entry.bytes)} in ${formatNoun(entry.files, "file")}`,
    `${formatNoun(entry.lines, "line")}, ${formatNoun(entry.functions, "function")}`,
  ];
  if (entry.meanComplexity !== null) rows.push(`mean complexity ${formatMean(entry.meanComplexity)}`);
  if (entry.hardest) rows.push(`hardest: ${escapeHtml(entry.hardest.name)} (${formatCount(entry.hardest.complexity)})`);
  return `<b>${escapeHtml(entry.name)}</b> ${escapeHtml(entry.version)}<br>${rows.join("<br>")}`;
}
