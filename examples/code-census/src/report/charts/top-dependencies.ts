/** Chart: the twenty packages that most others ask for. */
import { BUILT_IN } from "../../measure/module-import.js";
import type { CensusSummary } from "../../summary/census-summary.js";
import { formatCount, formatNoun } from "../format-figure.js";
import { escapeHtml } from "../markup.js";
import type { Palette } from "../palette.js";
import type { ChartOption } from "./chart-option.js";
import { ranking } from "./ranking.js";

/** By the number of packages that ask. What is built in would dwarf all others; the page gives it in words. */
export function topDependencies({ dependencies }: CensusSummary, palette: Palette): ChartOption {
  const entries = dependencies
    .filter((entry) => entry.package !== BUILT_IN)
    .slice(0, 20)
    .map(({ package: name, importers, requests }) => {
      const kinds = [
        `${formatCount(requests.static)} static`,
        `${formatCount(requests.dynamic)} dynamic`,
        `${formatCount(requests.require)} required`,
      ];
      return {
        name,
        value: importers,
        text: formatCount(importers),
        tip: `<b>${escapeHtml(name)}</b><br>asked for by ${formatNoun(importers, "package")}<br>${kinds.join(", ")}`,
        colour: palette.plain,
      };
    });
  return ranking(entries, palette);
}
