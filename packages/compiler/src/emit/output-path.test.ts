import { expect, test } from "vitest";
import { outputPath } from "./output-path.js";

test.each([
  ["src/a.ts", "src/a.mjs"],
  ["src/a.b.mts", "src/a.b.mjs"],
  ["src/view.tsx", "src/view.mjs"],
  ["data.json", "data.json.mjs"],
  ["../lib/src/b.cts", "__up__/lib/src/b.mjs"],
])("%s → %s", (source, output) => {
  expect(outputPath(source)).toBe(output);
});
