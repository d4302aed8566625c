import { expect, test } from "vitest";
import { dotted, urlSpecifier } from "./specifier.js";

test.each([
  ["a.mjs", "./a.mjs"],
  ["../a.mjs", "../a.mjs"],
  [".generated/a.mjs", "./.generated/a.mjs"],
  ["..x/a.mjs", "./..x/a.mjs"],
  ["..", ".."],
])("dotted %s → %s", (path, specifier) => {
  expect(dotted(path)).toBe(specifier);
});

test.each([
  ["a.mjs", "./a.mjs"],
  ["../my [file] #1 (100%)?.mjs", "../my [file] %231 (100%25)%3F.mjs"],
  ["a\\b.mjs", "./a%5Cb.mjs"],
  ["D:/lib/a#b.ts", "file:///D:/lib/a%23b.ts"],
  ["//server/share/a.ts", "file://server/share/a.ts"],
])("a URL finds %s again", (path, specifier) => {
  expect(urlSpecifier(path)).toBe(specifier);
  const { pathname, host } = new URL(specifier, "file:///x/y/z.mjs");
  expect(decodeURIComponent(pathname).endsWith(path.replace(/^(?:\.\.\/|\/\/server)/, ""))).toBe(true);
  expect(host).toBe(path.startsWith("//") ? "server" : "");
});
