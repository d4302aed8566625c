import { posix, win32 } from "node:path";
import { describe, expect, test } from "vitest";
import { outputPath } from "../emit/output-path.js";
import { urlSpecifier } from "../emit/specifier.js";
import { isInside, nativePath, relativePosix } from "./relative-posix.js";

describe("on Windows", () => {
  test.each([
    ["C:\\app", "C:\\app\\src\\a.ts", "src/a.ts"],
    ["C:\\app", "c:\\App\\src\\a.ts", "src/a.ts"],
    ["C:\\app", "C:/app/src/a.ts", "src/a.ts"],
    ["C:\\work\\app", "C:\\work\\lib\\b.ts", "../lib/b.ts"],
    ["C:\\app", "C:\\app", ""],
    ["C:\\app", "D:\\lib\\b.ts", "D:/lib/b.ts"],
    ["\\\\server\\share\\app", "\\\\server\\share\\app\\src\\a.ts", "src/a.ts"],
    ["C:\\app", "\\\\server\\share\\b.ts", "//server/share/b.ts"],
  ])("%s sees %s as %s", (from, file, expected) => {
    expect(relativePosix(from, file, win32)).toBe(expected);
  });

  test.each([
    ["C:\\app", "C:\\app\\src", true],
    ["C:\\app", "c:\\APP\\src", true],
    ["C:\\app", "C:/app/src", true],
    ["C:\\app", "C:\\app", false],
    ["C:\\app", "C:\\app2\\src", false],
    ["C:\\app", "C:\\app\\..x", true],
    ["C:\\app", "C:\\", false],
    ["C:\\app", "D:\\app\\src", false],
    ["\\\\server\\share", "\\\\server\\share\\src", true],
    ["\\\\server\\share", "\\\\server\\other\\src", false],
  ])("%s holds %s: %s", (folder, file, expected) => {
    expect(isInside(folder, file, win32)).toBe(expected);
  });

  test("paths as TypeScript writes them become paths as esbuild writes them", () => {
    expect(nativePath("C:/app/src/a.ts", win32)).toBe("C:\\app\\src\\a.ts");
    expect(nativePath("//server/share/a.ts", win32)).toBe("\\\\server\\share\\a.ts");
  });

  test.each([
    ["C:\\app\\src\\deep\\a.ts", "../../../../../src/deep/a.ts"],
    ["C:\\lib\\b #1.ts", "../../../../../../lib/b %231.ts"],
    ["D:\\lib\\b.ts", "file:///D:/lib/b.ts"],
    ["\\\\server\\share\\b.ts", "file://server/share/b.ts"],
  ])("the output of %s lies in the build and finds its source at %s", (file, expected) => {
    const outdir = "C:\\app\\.flow\\build\\0";
    const output = win32.join(outdir, outputPath(relativePosix("C:\\app", file, win32)));
    expect(isInside(outdir, output, win32)).toBe(true);
    expect(urlSpecifier(relativePosix(win32.dirname(output), file, win32))).toBe(expected);
  });
});

test("elsewhere a backslash is a letter, and case counts", () => {
  expect(relativePosix("/app", "/app/src/a\\b.ts", posix)).toBe("src/a\\b.ts");
  expect(isInside("/app", "/App/src", posix)).toBe(false);
  expect(isInside("/app", "/app2", posix)).toBe(false);
  expect(isInside("/", "/app", posix)).toBe(true);
});
