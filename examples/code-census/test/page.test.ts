/** The report's page: complete, self-contained, and safe with hostile names. */
import { describe, expect, it } from "vitest";
import { ChunkTotals } from "../src/measure/chunk-measure.js";
import { measureFile } from "../src/measure/measure-file.js";
import { placeLabels } from "../src/report/charts/place-labels.js";
import { page } from "../src/report/page.js";
import { renderReport } from "../src/report/render-report.js";
import { summariseCensus } from "../src/summary/summarise-census.js";

const made = { at: "2030-01-02T03:04:05.000Z", run: "run-1", node: "v22.0.0" };
const assets = { style: "", script: "0<!--</script>", charts: "1", versions: { parser: "7.0.0", charts: "6.0.0" } };

function summary(name: string): ReturnType<typeof summariseCensus> {
  const totals = new ChunkTotals();
  totals.add(measureFile("a.js", "function f(a) { return a ? 1 : 2 }"));
  totals.add(measureFile("b.js", "function ("));
  return summariseCensus([{ package: { id: `${name}@p`, name, version: "1.0.0", path: "p" }, ...totals.total() }], 4);
}

describe("page", () => {
  it("shows figures, packages, lost files and provenance", () => {
    const html = page({ summary: summary("left-pad"), details: [], made }, assets);
    for (const shown of [
      "left-pad",
      "1 file could not be parsed",
      "Unexpected token",
      "run-1",
      "2030-01-02 03:04 UTC",
    ]) {
      expect(html).toContain(shown);
    }
  });

  it("lets no name become markup, in text or in chart data", () => {
    const html = page({ summary: summary("</script><img src=x onerror=alert(1)>"), details: [], made }, assets);
    expect(html).not.toContain("<img");
    expect(html.match(/<\/script>/g)).toHaveLength(3);
    const charts = /<script type="application\/json" id="charts">(.*?)<\/script>/s.exec(html)?.[1] ?? "";
    // Names are drawn on canvas; tips become HTML.
    const tips = [...JSON.stringify(JSON.parse(charts)).matchAll(/"tip":"(.*?)"[,}]/g)].map((match) => match[1]);
    expect(tips.length).toBeGreaterThan(0);
    expect(tips.filter((tip) => tip?.includes("<img"))).toEqual([]);
  });

  it("carries everything with it", async () => {
    const html = await renderReport({ summary: summary("a"), details: [], made });
    expect(html.length).toBeGreaterThan(1_000_000);
    // Scripts may speak of elements that they never make; what counts is the markup and the style sheet.
    const markup = html.replaceAll(/(<script>).*?(?=<\/script>)/gs, "$1");
    expect(markup.length).toBeLessThan(100_000);
    expect(/\s(?:src|href|srcset)=|url\(|@import/.exec(markup)).toBeNull();
  });
});

describe("placeLabels", () => {
  it("moves a name to a free side, and leaves out what fits nowhere or was said", () => {
    const crowd = [
      { x: 100, y: 100, name: "one" },
      { x: 125, y: 100, name: "two" },
      { x: 400, y: 100, name: "one" },
      { x: 300, y: 300, name: "three" },
    ];
    expect(placeLabels(crowd)).toEqual(["left", "right", undefined, "right"]);
    const dense = ["a", "b", "c", "d", "e"].map((name) => ({ x: 100, y: 100, name }));
    expect(placeLabels(dense)).toEqual(["right", "left", "top", "bottom", undefined]);
  });
});
