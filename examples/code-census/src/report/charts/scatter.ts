/** Chart: complexity against size, one dot for each package; outliers have names. */
import type { CensusSummary, PackageSummary } from "../../summary/census-summary.js";
import { formatMean } from "../format-figure.js";
import type { Palette } from "../palette.js";
import { axisStyle, baseOption, type ChartOption, packageTip } from "./chart-option.js";
import { placeLabels } from "./place-labels.js";

/** Means against lines, both logarithmic. */
export function scatter(summary: CensusSummary, palette: Palette): ChartOption {
  const { outlierRule, outliers } = summary;
  const out = new Set(outliers.map((outlier) => outlier.id));
  const compared = summary.packages.filter((entry) => entry.functions >= outlierRule.minFunctions);
  const style = axisStyle(palette);
  const axis = { ...style, type: "log", nameLocation: "middle", minorSplitLine: { show: false } };
  return {
    ...baseOption(palette),
    grid: { left: 34, right: 40, top: 16, bottom: 34, containLabel: true },
    xAxis: { ...axis, name: "lines of source", nameGap: 30 },
    yAxis: { ...axis, name: "mean complexity of a function", nameGap: 34, logBase: 2, min: 1 },
    series: [
      {
        type: "scatter",
        data: compared.filter((entry) => !out.has(entry.id)).map(dot),
        itemStyle: { color: palette.plain, opacity: 0.65, borderColor: palette.surface },
        markLine: {
          silent: true,
          symbol: "none",
          data: [
            { ...levelLine(outlierRule.median, "median", palette.faint) },
            { ...levelLine(outlierRule.threshold, "outliers above", palette.accent) },
          ],
        },
      },
      {
        type: "scatter",
        data: named(
          compared.filter((entry) => out.has(entry.id)),
          compared,
        ),
        itemStyle: { color: palette.accent, opacity: 0.9, borderColor: palette.surface },
        label: { show: true, formatter: "{b}", color: palette.text, fontSize: 12 },
        labelLayout: { hideOverlap: true },
      },
    ],
  };
}

/** Dots with names, placed for a chart of about 1050 by 500 pixels. */
function named(entries: readonly PackageSummary[], compared: readonly PackageSummary[]): object[] {
  const across = span(compared.map((entry) => Math.log10(Math.max(1, entry.lines))));
  const up = span([0, ...compared.map((entry) => Math.log2(entry.meanComplexity ?? 1))]);
  const sides = placeLabels(
    entries.map((entry) => ({
      name: entry.name,
      x: 1050 * across(Math.log10(Math.max(1, entry.lines))),
      y: 500 * (1 - up(Math.log2(entry.meanComplexity ?? 1))),
    })),
  );
  return entries.map((entry, index) => {
    const position = sides[index];
    return { ...dot(entry), label: position ? { position } : { show: false } };
  });
}

/** Maps the range of some values, widened to whole numbers as a logarithmic axis does, to 0 … 1. */
function span(values: readonly number[]): (value: number) => number {
  const low = Math.floor(Math.min(...values));
  const high = Math.ceil(Math.max(...values));
  return (value) => (value - low) / Math.max(1, high - low);
}

function dot(entry: PackageSummary): object {
  const size = Math.min(44, 6 + Math.sqrt(entry.files) * 1.1);
  return { name: entry.name, value: [entry.lines, entry.meanComplexity], symbolSize: size, tip: packageTip(entry) };
}

function levelLine(level: number, words: string, colour: string): object {
  return {
    yAxis: level,
    lineStyle: { color: colour, type: "dashed", width: 1 },
    label: { formatter: `${words} ${formatMean(level)}`, position: "insideStartTop", color: colour, fontSize: 12 },
  };
}
