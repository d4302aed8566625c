/** What can be parsed, how, and what cannot. */
import { describe, expect, it } from "vitest";
import { measureFile } from "../src/measure/measure-file.js";
import { parseSource } from "../src/measure/parse-source.js";
import { sourceLanguage } from "../src/measure/source-language.js";

describe("parseSource", () => {
  it.each([
    ["a.js", "return require('x')"],
    ["a.js", "const x = <div>{y}</div>"],
    ["a.js", "import type { T } from 'x'; const f = (a: ?number): %checks => !!a"],
    ["a.js", "// @flow\nexport type T = {| +a: string |}"],
    ["a.js", "#!/usr/bin/env node\nawait x; import y from 'y'"],
    ["a.cjs", "with (a) b(); return 08"],
    ["a.mjs", "export default await import('x', { with: { type: 'json' } })"],
    ["a.ts", "const x = <T>y; enum E { A } namespace N { export const a = 1 }"],
    ["a.tsx", "const x = <T,>(y: T) => <p>{y}</p>"],
    ["a.cts", "import x = require('x'); export = x"],
    ["a.ts", "@dec class A { @dec() accessor b = 1; constructor(@inject() private c: D) {} }"],
    ["a.ts", "{ using x = y(); await using z = w() }"],
    ["a.d.ts", "export default class A { get x(): string; constructor(a?: number) } declare global { interface B {} }"],
  ])("reads %s: %s", (path, text) => {
    expect(parseSource(path, text)).toMatchObject({ type: "tree" });
  });

  it("steps over mistakes that leave the structure clear, and counts them", () => {
    expect(parseSource("a.mjs", "let a; let a; function f() { if (a) {} }")).toMatchObject({
      type: "tree",
      recovered: 1,
    });
  });

  it("says why a file cannot be parsed, in one line", () => {
    expect(measureFile("a.js", "function (\n")).toEqual({
      type: "unparsable",
      path: "a.js",
      bytes: 11,
      lines: 1,
      message: expect.stringMatching(/^Unexpected token.*\(1:9\)$/),
    });
  });

  it("calls nesting beyond the parser's stack unparsable instead of dying of it", () => {
    expect(parseSource("a.js", "[".repeat(200_000))).toEqual({ type: "unparsable", message: expect.any(String) });
  });
});

describe("sourceLanguage", () => {
  it("goes by the name", () => {
    expect(["a.js", "a.mjs", "a.cjs", "a.jsx"].map(sourceLanguage)).toEqual(Array(4).fill("javascript"));
    expect(["a.ts", "a.mts", "a.cts", "a.tsx"].map(sourceLanguage)).toEqual(Array(4).fill("typescript"));
    expect(["a.d.ts", "a.d.mts", "a.d.cts"].map(sourceLanguage)).toEqual(Array(3).fill("declaration"));
    expect(["a.json", "js", "a.ts.map", "a.d.tsx.snap"].map(sourceLanguage)).toEqual(Array(4).fill(undefined));
  });
});
