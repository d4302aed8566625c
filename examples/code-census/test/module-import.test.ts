/** Which requests are seen, and whom they are for. */
import { describe, expect, it } from "vitest";
import { ChunkTotals } from "../src/measure/chunk-measure.js";
import { measureFile } from "../src/measure/measure-file.js";
import { packageOf } from "../src/measure/module-import.js";

function requests(text: string, path = "a.ts"): string[] {
  const measured = measureFile(path, text);
  return measured.type === "measured" ? measured.imports.map(({ kind, specifier }) => `${kind} ${specifier}`) : [];
}

describe("imports", () => {
  it("are static, dynamic or required, by literal names", () => {
    const text = `
      import a from "a"; import type { B } from "b"; import "c/d";
      export * from "e"; export { f } from "f"; export const g = 1;
      import h = require("h");
      const i = require("i"), j = await import("j"), k = require(name), l = import(\`l\`), m = other.require("m");`;
    expect(requests(text)).toEqual([
      "static a",
      "static b",
      "static c/d",
      "static e",
      "static f",
      "require h",
      "require i",
      "dynamic j",
    ]);
  });

  it("are counted by package and kind", () => {
    const totals = new ChunkTotals();
    totals.add(
      measureFile("a.js", 'import "x"; import "x/y"; require("x"); import "node:fs"; require("path"); import "./z.js"'),
    );
    totals.add(measureFile("b.js", 'import "x"'));
    expect(totals.total().imports).toEqual([
      { package: "node", kind: "require", count: 1 },
      { package: "node", kind: "static", count: 1 },
      { package: "x", kind: "require", count: 1 },
      { package: "x", kind: "static", count: 3 },
    ]);
  });

  it.each([
    ["lodash", "lodash"],
    ["lodash/fp/map", "lodash"],
    ["@a/b", "@a/b"],
    ["@a/b/c", "@a/b"],
    ["fs/promises", "node"],
    ["node:test", "node"],
    ["./a", undefined],
    ["/a", undefined],
    ["#internal", undefined],
    ["https://example.org/a.js", undefined],
    ["virtual:a", undefined],
    ["@a", undefined],
    ["", undefined],
  ])("%s is for %s", (specifier, expected) => {
    expect(packageOf(specifier)).toBe(expected);
  });
});
