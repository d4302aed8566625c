import { expect, test } from "vitest";
import type { Site } from "../identity/brands.js";
import { itemPath, rootPath, stepKey } from "../identity/step-key.js";
import { formatLogLine, type Paint } from "./format-log-line.js";

const plain: Paint = { red: String, green: String, yellow: String, cyan: String, dim: String, bold: String };
const at = new Date(2026, 0, 2, 12, 4, 31, 120).getTime();
const style = { paint: plain, speaker: "CityReport" };

test("a step's line names the step with its item", () => {
  const map = stepKey(rootPath("CityReport"), "CityReport.run#map" as Site, 0);
  const key = stepKey(itemPath(map, "Oslo"), "CityReport.run#FetchForecast" as Site, 0);
  const line = { at, level: "info", text: "asking for Oslo", key, node: "FetchForecast" } as const;
  expect(formatLogLine(line, style)).toBe("12:04:31.120 info  FetchForecast[Oslo] asking for Oslo");
});

test("a line of the body names the flow", () => {
  expect(formatLogLine({ at, level: "warn", text: "late" }, style)).toBe("12:04:31.120 warn  CityReport late");
});

test("the stack follows only if asked for, and does not repeat the message", () => {
  const line = { at, level: "error", text: "failed: Error: x", stack: "Error: x\n    at run (a.ts:1:2)\n" } as const;
  expect(formatLogLine(line, style)).not.toContain("a.ts");
  expect(formatLogLine(line, { ...style, stack: true })).toBe(
    "12:04:31.120 error CityReport failed: Error: x\n    at run (a.ts:1:2)",
  );
});
