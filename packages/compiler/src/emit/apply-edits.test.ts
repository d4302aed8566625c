import { expect, test } from "vitest";
import type { SourceEdit } from "../flows/analyse-flows.js";
import { applyEdits } from "./apply-edits.js";

const at = (pos: number, text: string, end: number = pos): SourceEdit => ({ file: "/a.ts", pos, end, text });

test("edits apply in order of place, at one place in their own order", () => {
  expect(applyEdits("f(x)", [at(3, ", b"), at(3, ", c"), at(0, "g", 1)], "millrace/stamps")).toBe("g(x, b, c)");
});

test("the import of the stamps in use stands at the end, so that no line moves", () => {
  const text = applyEdits("this.call(X)\n// last line", [at(11, ', $site("a")'), at(0, "$site(")], "millrace/stamps");
  expect(text.split("\n").slice(1)).toEqual(["// last line", 'import { $site } from "millrace/stamps";', ""]);
});

test("a file without edits stays as it is", () => {
  expect(applyEdits("this.call(X)", [], "millrace/stamps")).toBe("this.call(X)");
});
