/** Chart: horizontal bars, the longest on top. */
import type { Palette } from "../palette.js";
import { axisStyle, baseOption, type ChartOption } from "./chart-option.js";

/** One bar. */
export interface RankedEntry {
  /** Beside the bar. */
  readonly name: string;
  /** Length. */
  readonly value: number;
  /** The value in words, at the bar's end. */
  readonly text: string;
  /** Shown on hover, HTML. */
  readonly tip: string;
  /** Colour of the bar. */
  readonly colour: string;
}

/** Room for the names, px. */
const NAMES = 160;

/** Bars in the given order, first on top. */
export function ranking(entries: readonly RankedEntry[], palette: Palette): ChartOption {
  const style = axisStyle(palette);
  return {
    ...baseOption(palette),
    grid: { left: NAMES, right: 64, top: 4, bottom: 4 },
    xAxis: { ...style, type: "value", axisLabel: { show: false }, splitLine: { show: false } },
    yAxis: {
      ...style,
      type: "category",
      inverse: true,
      // Two copies of a package share a name, and a category axis must keep them apart: it counts.
      data: entries.map((entry) => ({ value: entry.name })),
      axisLine: { show: false },
      axisLabel: { color: palette.text, fontSize: 12, width: NAMES - 12, overflow: "truncate" },
    },
    series: [
      {
        type: "bar",
        barWidth: "66%",
        itemStyle: { borderRadius: [0, 3, 3, 0] },
        label: { show: true, position: "right", color: palette.faint, fontSize: 12 },
        data: entries.map(({ value, tip, text, colour }) => ({
          value,
          tip,
          itemStyle: { color: colour },
          label: { formatter: text },
        })),
      },
    ],
  };
}
