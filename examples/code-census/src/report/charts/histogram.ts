/** Chart: how many functions are how complex. */
import { COMPLEXITY_CLASSES, classLabel } from "../../measure/complexity-histogram.js";
import type { CensusSummary } from "../../summary/census-summary.js";
import { formatCount, formatShare } from "../format-figure.js";
import { complexityColour, type Palette } from "../palette.js";
import { axisStyle, baseOption, type ChartOption } from "./chart-option.js";

/** One bar for each class of complexity. */
export function histogram({ histogram: counts, totals }: CensusSummary, palette: Palette): ChartOption {
  const style = axisStyle(palette);
  return {
    ...baseOption(palette),
    grid: { left: 8, right: 8, top: 28, bottom: 26, containLabel: true },
    xAxis: {
      ...style,
      type: "category",
      data: counts.map((_, index) => classLabel(index)),
      name: "cyclomatic complexity",
      nameLocation: "middle",
      nameGap: 30,
      axisLabel: { color: palette.text, fontSize: 12, interval: 0 },
      splitLine: { show: false },
    },
    yAxis: { ...style, type: "value", max: "dataMax", axisLabel: { show: false }, splitLine: { show: false } },
    series: [
      {
        type: "bar",
        barCategoryGap: "12%",
        itemStyle: { borderRadius: [3, 3, 0, 0] },
        label: { show: true, position: "top", color: palette.text, fontSize: 12, lineHeight: 15 },
        data: counts.map((count, index) => ({
          value: count,
          tip: `<b>${formatCount(count)}</b> functions of complexity ${classLabel(index)}`,
          itemStyle: { color: complexityColour(palette, COMPLEXITY_CLASSES[index] ?? null) },
          label: { formatter: formatShare(count, totals.functions) },
        })),
      },
    ],
  };
}
