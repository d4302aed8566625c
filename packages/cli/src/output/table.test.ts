import { expect, test } from "vitest";
import { type Column, tableLines } from "./table.js";

const COLUMNS: readonly Column[] = [
  { title: "RUN" },
  { title: "NOTE", optional: true },
  { title: "TIME", align: "right" },
  { title: "BUILD", optional: true },
];
const ROWS = [
  ["oslo-1", "long note", "5 ms", "0123"],
  ["b", "", "12.3 s", "\u001b[2m4567\u001b[22m"],
];

test("columns are as wide as their cells, whose colours take no room", () => {
  expect(tableLines(COLUMNS, ROWS)).toEqual([
    "RUN     NOTE         TIME  BUILD",
    "oslo-1  long note    5 ms  0123",
    "b                  12.3 s  \u001b[2m4567\u001b[22m",
  ]);
});

test("without room, optional columns go, the last one first; the others stay", () => {
  expect(tableLines(COLUMNS, ROWS, 32)).toHaveLength(3);
  expect(tableLines(COLUMNS, ROWS, 32)[0]).toContain("BUILD");
  expect(tableLines(COLUMNS, ROWS, 31)[0]).toBe("RUN     NOTE         TIME");
  expect(tableLines(COLUMNS, ROWS, 24)[0]).toBe("RUN       TIME");
  expect(tableLines(COLUMNS, ROWS, 3)[0]).toBe("RUN       TIME");
});

test("a table of very many rows is laid out like any other", () => {
  const rows = Array.from({ length: 200_000 }, (_, i) => [String(i), "", "1 ms", ""]);
  expect(tableLines(COLUMNS, rows).at(-1)).toMatch(/^199999 .*1 ms$/);
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
