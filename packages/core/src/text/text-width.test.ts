import { expect, test } from "vitest";
import { columnsOf, cutToWidth, padToWidth } from "./text-width.js";

test("colours take no room, wide characters take two columns", () => {
  expect(columnsOf("\u001b[31mOslo\u001b[39m")).toBe(4);
  expect(columnsOf("東京")).toBe(4);
  expect(columnsOf("e\u0301")).toBe(1);
  expect(cutToWidth("東京都", 5)).toBe("東京…");
  expect(cutToWidth("Oslo", 4)).toBe("Oslo");
  expect(cutToWidth("東京都", 5, "")).toBe("東京");
  expect(padToWidth("東", 4)).toBe("東  ");
});
