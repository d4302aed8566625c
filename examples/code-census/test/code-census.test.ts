/** The built flow, run by the engine in worker threads on small trees whose figures are known. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { compile } from "@millrace/compiler";
import { memoryStore, openEngine } from "millrace/engine";
import { beforeAll, describe, expect, it } from "vitest";
import type { CensusSummary } from "../src/summary/census-summary.js";
import type { OutlierDetail } from "../src/tasks/inspect-outlier.js";
import { makeTree } from "./tree.js";

const example = fileURLToPath(new URL("..", import.meta.url));

/** A function for each complexity, on a line of its own. */
function source(...complexities: readonly number[]): string {
  return complexities.map((c, i) => `function f${i}(a) { ${"if (a) a();".repeat(c - 1)} }\n`).join("");
}

/** Runs the census of a tree. */
async function census(files: Readonly<Record<string, string>>) {
  using tree = makeTree(files);
  const engine = await openEngine({ cwd: example, store: memoryStore(), threads: 2, observers: [], strict: true });
  try {
    const out = join(tree.folder, "out");
    const run = engine.start("CodeCensus", { project: tree.folder, out });
    const outcome = await run.outcome();
    if (outcome.status !== "succeeded") throw new Error(`ended as ${outcome.status}`, { cause: outcome });
    const { summary, details } = JSON.parse(readFileSync(join(out, "census.json"), "utf8")) as {
      readonly summary: CensusSummary;
      readonly details: readonly OutlierDetail[];
    };
    return { outcome, summary, details, out, report: readFileSync(join(out, "report.html"), "utf8") };
  } finally {
    await engine.close();
  }
}

describe("CodeCensus", () => {
  beforeAll(async () => {
    const { diagnostics } = await compile({ cwd: example, mode: "build" });
    expect(diagnostics.filter((diagnostic) => diagnostic.severity === "error")).toEqual([]);
  });

  it("measures everything, looks closer at what stands out, and writes the report", async () => {
    const { outcome, summary, details, out, report } = await census({
      "node_modules/a/index.js": source(1, 1, 1, 1, 1),
      "node_modules/b/index.js": source(1, 1, 1, 1, 2),
      "node_modules/c/index.js": source(1, 1, 1, 2, 2),
      "node_modules/c/node_modules/d/index.cjs": `require("a");\n${source(1, 1, 2, 2, 2)}`,
      "node_modules/@far/out/package.json": '{ "name": "@far/out", "version": "2.0.0" }',
      "node_modules/@far/out/easy.js": source(1, 1),
      "node_modules/@far/out/hard.mjs": `import "b";\n${source(9, 30, 9)}`,
      "node_modules/@far/out/broken.js": "function (\n",
    });
    expect(outcome.status === "succeeded" && outcome.value).toEqual({
      report: join(out, "report.html"),
      data: join(out, "census.json"),
      packages: 5,
      files: 6,
      lines: 27,
      functions: 25,
      unparsable: 1,
      outliers: ["@far/out@node_modules/@far/out"],
    });
    // One step to list, five to measure, one to add up, one closer look, one report.
    expect(outcome.totals).toMatchObject({ total: 9, succeeded: 9 });
    expect(summary.packages.map((p) => [p.name, p.complexity, p.meanComplexity, p.imports])).toEqual([
      ["@far/out", 50, 10, ["b"]],
      ["a", 5, 1, []],
      ["b", 6, 1.2, []],
      ["c", 7, 1.4, []],
      ["d", 8, 1.6, ["a"]],
    ]);
    expect(summary.outlierRule).toMatchObject({ compared: 5, median: 1.4 });
    expect(summary.unparsable.map((file) => file.path)).toEqual(["broken.js"]);
    expect(details.map(({ id, functions, files }) => [id, functions[0], files.map((file) => file.path)])).toEqual([
      [
        "@far/out@node_modules/@far/out",
        { name: "f1", file: "hard.mjs", line: 3, lines: 1, complexity: 30 },
        ["hard.mjs", "easy.js"],
      ],
    ]);
    expect(report.includes("@far/out")).toBe(true);
  });

  it("goes without a closer look where nothing stands out", async () => {
    const { outcome, details } = await census({ "node_modules/a/index.js": source(1, 2) });
    expect(outcome.totals).toMatchObject({ total: 4, succeeded: 4 });
    expect(details).toEqual([]);
  });
});
