import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { ERROR_CODES } from "./error-codes.js";

describe("error codes", () => {
  it("are all explained in docs/errors.md, with the exit code they have, and nothing else is", () => {
    const page = readFileSync(new URL("../../../../docs/errors.md", import.meta.url), "utf8");
    const rows = [...page.matchAll(/^\| `([a-z-]+)` \| (\d) \|/gm)].map(([, code, exit]) => [code, Number(exit)]);
    expect(Object.fromEntries(rows)).toEqual(ERROR_CODES);
  });

  it("each have a meaning and a remedy there, as sentences", () => {
    const page = readFileSync(new URL("../../../../docs/errors.md", import.meta.url), "utf8");
    const rows = page.split("\n").filter((line) => line.startsWith("| `"));
    expect(rows).toHaveLength(Object.keys(ERROR_CODES).length);
    for (const row of rows) {
      const cells = row.split("|").map((cell) => cell.trim());
      expect(cells, "columns").toHaveLength(6);
      for (const sentence of [cells[3], cells[4]]) expect(sentence, row).toMatch(/^[A-Z`].*\w.*[.]$/);
    }
  });
});
