/** Which files a named folder has, whatever its links lead to. */
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { filesBelow } from "./files-below.js";

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "millrace-files-"));
  for (const path of ["named/b/deep", "named/a", "elsewhere"]) mkdirSync(join(root, path), { recursive: true });
  for (const path of ["named/z", "named/b/deep/x", "named/a/y", "elsewhere/far"]) writeFileSync(join(root, path), "");
});
afterEach(() => rmSync(root, { recursive: true }));

const named = (): readonly string[] => filesBelow(join(root, "named")).map((path) => relative(root, path));

it("are all below it, sorted by folder", () => {
  expect(named()).toEqual(["named/a/y", "named/b/deep/x", "named/z"]);
});

it.skipIf(process.platform === "win32")(
  "are those behind links, too, each once: also where one leads back up or to itself",
  () => {
    const link = (to: string, at: string): void => symlinkSync(to, join(root, "named", at));
    link("../elsewhere", "linked");
    link("../named/a/y", "one");
    link("..", "b/up");
    link("self", "self");
    link("nowhere", "gone");
    expect(named()).toEqual(["named/a/y", "named/b/deep/x", "named/linked/far", "named/one", "named/z"]);
  },
);

it("a folder that is not there is an error that names it", () => {
  expect(() => filesBelow(join(root, "none"))).toThrow(/ENOENT.*none/);
});
