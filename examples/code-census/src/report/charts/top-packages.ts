/** Chart: the twenty packages with the most paths to think about. */
import type { CensusSummary } from "../../summary/census-summary.js";
import { formatCount } from "../format-figure.js";
import { complexityColour, type Palette } from "../palette.js";
import { type ChartOption, packageTip } from "./chart-option.js";
import { ranking } from "./ranking.js";

/** By complexity of all functions together. */
export function topPackages({ packages }: CensusSummary, palette: Palette): ChartOption {
  const top = [...packages].sort((a, b) => b.complexity - a.complexity).slice(0, 20);
  const entries = top.map((entry) => ({
    name: entry.name,
    value: entry.complexity,
    text: formatCount(entry.complexity),
    tip: packageTip(entry),
    colour: complexityColour(palette, entry.meanComplexity),
  }));
  return ranking(entries, palette);
}
