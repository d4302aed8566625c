/** Complexities counted by hand, and the names that functions go by. */
import { describe, expect, it } from "vitest";
import { measureFile } from "../src/measure/measure-file.js";
import { measureTree, type TreeMeasure } from "../src/measure/measure-tree.js";
import { parseSource } from "../src/measure/parse-source.js";

function measure(text: string, path = "a.ts"): TreeMeasure {
  const parsed = parseSource(path, text);
  if (parsed.type !== "tree") throw new Error(parsed.message);
  return measureTree(parsed.root);
}

const complexities = (text: string, path?: string): Record<string, number> =>
  Object.fromEntries(measure(text, path).functions.map((fn) => [fn.name, fn.complexity]));

describe("cyclomatic complexity", () => {
  it.each([
    ["nothing to decide", "function f() { return 1 }", 1],
    ["if and else if", "function f(a) { if (a) return 1; else if (a > 2) return 2; else return 3 }", 3],
    [
      "each loop",
      "function f(a) { for (;;) {} for (const k in a) {} for (const v of a) {} while (a) {} do {} while (a) }",
      6,
    ],
    ["cases, but not default", "function f(a) { switch (a) { case 1: case 2: return 1; default: return 2 } }", 3],
    ["catch, but not finally", "function f() { try { g() } catch { h() } finally { i() } }", 2],
    ["conditional and logical operators", "function f(a, b) { return a ? a && b : a || (b ?? a) }", 5],
    ["logical assignments, but no others", "function f(a) { a &&= 1; a ||= 2; a ??= 3; a += 4 }", 4],
    ["optional chains and defaults count as one path", "function f(a = 1) { return a?.b?.() }", 1],
  ])("counts %s", (_, text, expected) => {
    expect(complexities(text)).toEqual({ f: expected });
  });

  it("gives the decisions of an inner function to the inner one", () => {
    expect(complexities("function outer(a) { if (a) {} return () => a && a || a }")).toEqual({
      outer: 2,
      "(anonymous)": 3,
    });
  });

  it("keeps decisions outside of functions apart", () => {
    const { functions, topLevel } = measure("if (a) b(); const c = a ? () => 1 : null; class D { e = a || b }");
    expect(topLevel).toBe(3);
    expect(functions.map((fn) => fn.complexity)).toEqual([1]);
  });

  it("counts what has a body, and nothing else", () => {
    const text = "declare function a(): void; abstract class B { abstract c(): void; d(): void; d(x?: number) {} }";
    expect(complexities(text)).toEqual({ d: 1 });
    expect(complexities("export declare function f(): void; export declare class C { m(): void }", "a.d.ts")).toEqual(
      {},
    );
  });

  it("walks chains that are deeper than a stack", () => {
    const text = `function f(a) { return a${".b()".repeat(20_000)} || a }`;
    expect(complexities(text)).toEqual({ f: 2 });
  });
});

describe("names", () => {
  it("are a function's own, or those of the place that it is put into", () => {
    const text = `
      function own() {}
      const variable = () => {};
      exports.member = function () {};
      const o = { property: () => {}, method() {}, "quoted"() {}, get getter() { return 1 } };
      class C { field = () => {}; #secret() {} static async *all() {} constructor() {} }
      let d; d = () => {};
      const { e = () => {} } = o;
      [].map(() => {});
      export default function () {}`;
    const names = measure(text).functions.map((fn) => fn.name);
    const ofObject = ["property", "method", "quoted", "getter"];
    const ofClass = ["field", "#secret", "all", "constructor"];
    expect(names).toEqual([
      "own",
      "variable",
      "member",
      ...ofObject,
      ...ofClass,
      "d",
      "e",
      "(anonymous)",
      "(anonymous)",
    ]);
  });

  it("come with the lines that they stand on", () => {
    expect(measure("\n\nfunction f() {\n  return 1;\n}\n").functions).toEqual([
      { name: "f", line: 3, lines: 3, complexity: 1 },
    ]);
  });
});

describe("a file", () => {
  it("is summed up", () => {
    const text = "if (é) {}\nfunction a(x) { return x && 1 }\nfunction b(x) { return x ? 1 : x || 2 }\n";
    const measured = measureFile("lib/a.mjs", text);
    expect(measured.type === "measured" && measured.file).toEqual({
      path: "lib/a.mjs",
      language: "javascript",
      bytes: text.length + 1,
      lines: 3,
      functions: 2,
      complexity: 5,
      topLevel: 1,
      hardest: { name: "b", line: 3, complexity: 3 },
      recovered: 0,
    });
  });

  it("may be empty, or end without a line break", () => {
    const lines = (text: string): number | undefined => {
      const measured = measureFile("a.js", text);
      return measured.type === "measured" ? measured.file.lines : undefined;
    };
    expect([lines(""), lines("\n"), lines("a"), lines("a\nb")]).toEqual([0, 1, 1, 2]);
  });
});
