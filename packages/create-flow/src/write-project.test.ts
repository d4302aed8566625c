import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { writeProject } from "./write-project.js";

/** The last file cannot be written: its folder is a file. */
const BROKEN = new Map([
  ["src/main.ts", "main"],
  ["README.md", "read"],
  ["README.md/more", "more"],
]);

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "write-project-"));
});
afterEach(() => rmSync(root, { recursive: true }));

it("writes every file", () => {
  writeProject(join(root, "a/b"), new Map([["src/main.ts", "main"]]));
  expect(readFileSync(join(root, "a/b/src/main.ts"), "utf8")).toBe("main");
});

it("takes folders back that it made, when a file cannot be written", () => {
  expect(() => writeProject(join(root, "a/b"), BROKEN)).toThrow(expect.objectContaining({ code: "folder-unusable" }));
  expect(existsSync(join(root, "a"))).toBe(false);
});

it("takes files back, and nothing else, in a folder that was there", () => {
  mkdirSync(join(root, ".git"));
  expect(() => writeProject(root, BROKEN)).toThrow(/cannot be used/);
  expect(readdirSync(root)).toEqual([".git"]);
});
