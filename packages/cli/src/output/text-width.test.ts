import { expect, test } from "vitest";
import { tableLines } from "./table.js";
import { cutToWidth, padToWidth, width } from "./text-width.js";

test("colours take no room, wide characters take two columns", () => {
  expect(width("\u001b[31mOslo\u001b[39m")).toBe(4);
  expect(width("東京")).toBe(4);
  expect(width("e\u0301")).toBe(1);
  expect(cutToWidth("東京都", 5)).toBe("東京…");
  expect(cutToWidth("Oslo", 4)).toBe("Oslo");
  expect(padToWidth("東", 4)).toBe("東  ");
});

test("a table aligns its columns and leaves no trailing spaces", () => {
  const lines = tableLines(
    [{ title: "STEP" }, { title: "TIME", align: "right" }, { title: "ERROR" }],
    [
      ["Fetch[東京]", "640 ms", ""],
      ["\u001b[32mA\u001b[39m", "1.2 s", "Error: x"],
    ],
  );
  expect(lines).toEqual([
    "STEP           TIME  ERROR",
    "Fetch[東京]  640 ms",
    "\u001b[32mA\u001b[39m             1.2 s  Error: x",
  ]);
});
