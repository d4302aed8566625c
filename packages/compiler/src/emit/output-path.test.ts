import { expect, test } from "vitest";
import { outputPath } from "./output-path.js";

test.each([
  ["src/a.ts", "src/a.mjs"],
  ["src/a.b.mts", "src/a.b.mts.mjs"],
  ["src/view.tsx", "src/view.tsx.mjs"],
  ["src/old.js", "src/old.js.mjs"],
  ["data.json", "data.json.mjs"],
  ["data.json.ts", "data.json.ts.mjs"],
  ["../lib/src/b.ts", "__up__/lib/src/b.mjs"],
  ["node_modules/p/data.json", "__node_modules__/p/data.json.mjs"],
  ["D:/lib/src/b.ts", "D__up__/lib/src/b.mjs"],
  ["//server/share/b.ts", "server/share/b.mjs"],
])("%s → %s", (source, output) => {
  expect(outputPath(source)).toBe(output);
});

test("sources that differ only in their extension have outputs of their own", () => {
  const extensions = ["ts", "tsx", "mts", "cts", "js", "jsx", "mjs", "cjs", "json"];
  const sources = extensions.flatMap((a) => [`m.${a}`, ...extensions.map((b) => `m.${a}.${b}`)]);
  expect(new Set(sources.map(outputPath)).size).toBe(sources.length);
});
