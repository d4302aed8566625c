/** All charts of the report, by the id of the element that each is drawn into. */
import type { CensusSummary } from "../../summary/census-summary.js";
import { PALETTES, type Palette } from "../palette.js";
import type { ChartOption } from "./chart-option.js";
import { histogram } from "./histogram.js";
import { scatter } from "./scatter.js";
import { topDependencies } from "./top-dependencies.js";
import { topPackages } from "./top-packages.js";
import { treemap } from "./treemap.js";

const CHARTS: Readonly<Record<string, (summary: CensusSummary, palette: Palette) => ChartOption>> = {
  treemap,
  "top-packages": topPackages,
  scatter,
  histogram,
  "top-dependencies": topDependencies,
};

/** Options by appearance and chart: `{ light: { treemap: …, … }, dark: … }`. */
export function allCharts(summary: CensusSummary): Readonly<Record<string, Readonly<Record<string, ChartOption>>>> {
  const draw = (palette: Palette): Record<string, ChartOption> =>
    Object.fromEntries(Object.entries(CHARTS).map(([id, chart]) => [id, chart(summary, palette)]));
  return { light: draw(PALETTES.light), dark: draw(PALETTES.dark) };
}
