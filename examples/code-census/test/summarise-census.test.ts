/** Sums and outliers, from chunks whose figures are known. */
import { describe, expect, it } from "vitest";
import type { FileMeasure } from "../src/measure/measure-file.js";
import { median } from "../src/summary/find-outliers.js";
import type { MeasuredChunk } from "../src/summary/measured-package.js";
import { summariseCensus } from "../src/summary/summarise-census.js";

function file(path: string, functions: number, complexity: number): FileMeasure {
  const hardest = functions === 0 ? null : { name: `of ${path}`, line: 1, complexity: complexity - functions + 1 };
  return {
    path,
    language: "javascript",
    bytes: 100,
    lines: 10,
    functions,
    complexity,
    topLevel: 1,
    hardest,
    recovered: 0,
  };
}

function chunk(name: string, files: readonly FileMeasure[], more: Partial<MeasuredChunk> = {}): MeasuredChunk {
  const path = `node_modules/${name}`;
  const histogram = [files.length, 0, 0, 0, 0, 0, 0, 0];
  return {
    package: { id: `${name}@${path}`, name, version: "1.0.0", path },
    files,
    unparsable: [],
    histogram,
    imports: [],
    ...more,
  };
}

describe("summariseCensus", () => {
  it("puts chunks of a package together and adds everything up", () => {
    const lost = { path: "bad.js", bytes: 7, lines: 1, message: "no" };
    const summary = summariseCensus(
      [
        chunk("a", [file("1.js", 2, 3)], { imports: [{ package: "b", kind: "static", count: 2 }] }),
        chunk("a", [file("2.js", 3, 9)], {
          imports: [{ package: "b", kind: "require", count: 1 }],
          unparsable: [lost],
        }),
        chunk("b", [file("3.js", 0, 0)], { imports: [{ package: "b", kind: "static", count: 5 }] }),
      ],
      4,
    );
    expect(summary.totals).toEqual({
      packages: 2,
      files: 3,
      bytes: 300,
      lines: 30,
      functions: 5,
      complexity: 12,
      topLevel: 3,
      unparsable: 1,
      meanComplexity: 2.4,
      hardest: { name: "of 2.js", file: "2.js", line: 1, complexity: 7, package: "a@node_modules/a" },
    });
    expect(summary.packages.map((p) => [p.name, p.files, p.meanComplexity, p.imports])).toEqual([
      ["a", 2, 2.4, ["b"]],
      ["b", 1, null, []],
    ]);
    expect(summary.histogram).toEqual([3, 0, 0, 0, 0, 0, 0, 0]);
    expect(summary.dependencies).toEqual([
      { package: "b", importers: 1, requests: { static: 2, dynamic: 0, require: 1 } },
    ]);
    expect(summary.unparsable).toEqual([{ package: "a@node_modules/a", ...lost }]);
  });

  it("finds the packages that lie far above the median, farthest first, and their hardest files", () => {
    const peers = [20, 21, 22, 23, 24].map((complexity, i) => chunk(`peer${i}`, [file("p.js", 10, complexity)]));
    const far = chunk("far", [file("easy.js", 5, 5), file("hard.js", 5, 45)]);
    const farther = chunk("farther", [file("f.js", 10, 90)]);
    const few = chunk("few", [file("f.js", 4, 400)]);
    const { outliers, outlierRule } = summariseCensus([...peers, far, farther, few], 4);
    // Means are 2.0 to 2.4, 5 and 9: median 2.3, deviations 0.3 0.2 0.1 0 0.1 2.7 6.7, their median 0.2.
    expect(outlierRule.compared).toBe(7);
    expect(outlierRule.median).toBeCloseTo(2.3);
    expect(outlierRule.deviation).toBeCloseTo(0.2);
    expect(outlierRule.threshold).toBeCloseTo(3.1);
    expect(outliers.map((o) => [o.name, o.files])).toEqual([
      ["farther", ["f.js"]],
      ["far", ["hard.js", "easy.js"]],
    ]);
    expect(outliers[1]?.deviations).toBeCloseTo(13.5);
  });

  it("finds none where all are alike, and makes nothing of nothing", () => {
    expect(summariseCensus([chunk("a", [file("a.js", 9, 9)]), chunk("b", [file("b.js", 9, 9)])], 0).outliers).toEqual(
      [],
    );
    expect(summariseCensus([], 4).totals).toMatchObject({ packages: 0, meanComplexity: null, hardest: null });
  });
});

describe("median", () => {
  it("is the middle, or the mean of the two in the middle", () => {
    expect([median([3, 1, 2]), median([4, 1, 2, 3]), median([])]).toEqual([2, 2.5, 0]);
  });
});
