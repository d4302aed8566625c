import { expect, test } from "vitest";
import type { Diagnostic } from "./diagnostic.js";
import { renderDiagnostic, renderDiagnostics } from "./render-diagnostic.js";

const SOURCE = `class A {
\tasync run() {
\t\tawait this.call(B, { days: 1 });
\t}
}
`;

const missing: Diagnostic = {
  code: "param-missing",
  severity: "error",
  message: 'Parameter "city" of B is missing.',
  span: { file: "src/a.ts", line: 3, column: 22, endLine: 3, endColumn: 33 },
  related: [{ span: { file: "src/b.ts", line: 1, column: 7, endLine: 1, endColumn: 8 }, message: "declared here" }],
  hint: "Add city: string.",
  data: {},
};

test("a frame marks the span, tabs included, and related spans get frames of their own", () => {
  const text = renderDiagnostic(missing, SOURCE, { color: false, sourceOf: () => "class B {}" });
  expect(text).toBe(`src/a.ts:3:22 error param-missing
Parameter "city" of B is missing.

2 |     async run() {
3 |         await this.call(B, { days: 1 });
  |                            ^^^^^^^^^^^
4 |     }
src/b.ts:1:7
1 | class B {}
  |       - declared here
hint: Add city: string.`);
});

test("without sources the places stand alone", () => {
  const text = renderDiagnostic(missing, undefined, { color: false });
  expect(text).toBe(
    'src/a.ts:3:22 error param-missing\nParameter "city" of B is missing.\nsrc/b.ts:1:7 declared here\nhint: Add city: string.',
  );
});

test("a span over several lines is marked to the end of the first, one behind the last line not at all", () => {
  const span = { file: "src/a.ts", line: 2, column: 2, endLine: 4, endColumn: 3 };
  expect(renderDiagnostic({ ...missing, span, related: [] }, SOURCE, { color: false })).toContain(
    "  |     ^^^^^^^^^^^^^\n",
  );
  const beyond = { ...span, line: 99, endLine: 99 };
  expect(renderDiagnostic({ ...missing, span: beyond, related: [] }, SOURCE, { color: false })).not.toContain("|");
});

test("colours are escape sequences around the same text", () => {
  const plain = renderDiagnostic(missing, SOURCE, { color: false });
  const colored = renderDiagnostic(missing, SOURCE, { color: true });
  expect(colored).not.toBe(plain);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: that is what colours are made of
  expect(colored.replaceAll(/\u001b\[\d+m/g, "")).toBe(plain);
});

test("a list is sorted, with the frames of all its files", () => {
  const warning: Diagnostic = { ...missing, severity: "warning", span: { ...missing.span, line: 1 }, related: [] };
  const sources = new Map([
    ["src/a.ts", SOURCE],
    ["src/b.ts", "class B {}"],
  ]);
  const text = renderDiagnostics([missing, warning], sources, { color: false });
  expect(text.indexOf("warning")).toBeLessThan(text.indexOf("error"));
  expect(text).toContain("1 | class B {}");
  expect(renderDiagnostics([], sources, { color: false })).toBe("");
});
