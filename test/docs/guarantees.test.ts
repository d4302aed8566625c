/** The page of guarantees names tests and commands that there are, and every test that breaks things on purpose. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { REPOSITORY } from "./read-blocks.js";

const PAGE = readFileSync(join(REPOSITORY, "docs/guarantees.md"), "utf8");
const NAMED = [...PAGE.matchAll(/(?<![\w/])(?:test|packages)\/[\w./-]*\w/g)].map(([path]) => path);

it("every path is a test, or a folder of tests", () => {
  const missing = NAMED.filter((path) => ![path, `${path}.test.ts`].some((file) => existsSync(join(REPOSITORY, file))));
  expect(missing).toEqual([]);
});

it("every command is one of this repository", () => {
  const { scripts } = JSON.parse(readFileSync(join(REPOSITORY, "package.json"), "utf8")) as { scripts: object };
  const commands = [...PAGE.matchAll(/npm run ([\w:-]+)/g)].map(([, name]) => name);
  expect(commands.filter((name) => !Object.hasOwn(scripts, name ?? ""))).toEqual([]);
  expect(commands.length).toBeGreaterThan(5);
});

it("no crash test is left out", () => {
  const files = readdirSync(join(REPOSITORY, "test/crash")).filter((name) => name.endsWith(".test.ts"));
  const left = files.filter((name) => !NAMED.includes(`test/crash/${name.replace(".test.ts", "")}`));
  expect(left).toEqual([]);
});
