/** Chart: every package as an area, sized by source and coloured by the mean complexity of its functions. */
import type { CensusSummary } from "../../summary/census-summary.js";
import { formatBytes } from "../format-figure.js";
import { complexityColour, inkOn, type Palette } from "../palette.js";
import { baseOption, type ChartOption, packageTip } from "./chart-option.js";

/** Share of all source from which an area has room for a name. */
const NAMED = 0.003;
/** Share of all source from which it has room for its size as well. */
const SIZED = 0.007;

/** Where the code is. */
export function treemap({ packages, totals }: CensusSummary, palette: Palette): ChartOption {
  const data = packages.map((entry) => {
    const share = entry.bytes / totals.bytes;
    const colour = complexityColour(palette, entry.meanComplexity);
    return {
      name: entry.name,
      value: entry.bytes,
      tip: packageTip(entry),
      itemStyle: { color: colour },
      label: {
        show: share > NAMED,
        color: inkOn(colour),
        formatter: share > SIZED ? `{b}\n${formatBytes(entry.bytes)}` : "{b}",
      },
    };
  });
  return {
    ...baseOption(palette),
    series: [
      {
        type: "treemap",
        data,
        left: 0,
        right: 0,
        top: 0,
        bottom: 0,
        roam: false,
        nodeClick: false,
        breadcrumb: { show: false },
        label: { fontSize: 12, lineHeight: 16, overflow: "truncate", position: "insideTopLeft", padding: [2, 2] },
        itemStyle: { borderColor: palette.surface, borderWidth: 1, gapWidth: 1 },
        emphasis: { itemStyle: { borderColor: palette.text } },
      },
    ],
  };
}
