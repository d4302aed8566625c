/** `flow diff`: the sources against a build and against a commit. */
import { execFileSync } from "node:child_process";
import type { DiffDocument } from "@millrace/core";
import type { TestProject } from "@millrace/testing";
import { afterEach, beforeEach, expect, test } from "vitest";
import { fixtureProject } from "../compiler/fixture-project.js";

let project: TestProject;
const git = (...given: readonly string[]): string =>
  execFileSync("git", ["-c", "user.name=Test", "-c", "user.email=test@example.org", ...given], {
    cwd: project.root,
    encoding: "utf8",
  });
const edit = (file: string, from: string, to: string): void => {
  expect(project.read(file)).toContain(from);
  project.write(file, project.read(file).replace(from, to));
};

beforeEach(async () => {
  project = await fixtureProject("fingerprints", { ".gitignore": "node_modules\n.flow\n" });
  await project.build();
});
afterEach(async () => project[Symbol.asyncDispose]());

test("an edit is told down to symbol and line, with what it invalidates", async () => {
  edit("src/helpers.ts", "OFFSET = 10", "OFFSET = 11");
  edit("src/tasks.ts", "attempts: 2", "attempts: 3");
  edit("src/flow.ts", "numbers: [inner]", "numbers: [inner, 1]");
  const { code, stdout } = await project.flow("diff", "--json", "--exit-code");
  expect(code).toBe(1);
  const { added, removed, changed } = JSON.parse(stdout) as DiffDocument;
  expect([added, removed, changed.map(({ id }) => id)]).toEqual([[], [], ["Inner", "Outer", "Price"]]);
  expect(changed[2]).toEqual({
    id: "Price",
    kind: "task",
    invalidated: true,
    symbols: [{ symbol: "src/helpers.ts#OFFSET", change: "changed", line: 7 }],
    packages: [],
    through: [],
    types: [],
    options: [{ name: "retry", before: '{"attempts":2}', after: '{"attempts":3}' }],
  });
  expect(changed[0]).toMatchObject({ id: "Inner", invalidated: true, symbols: [], through: ["Price"] });
  expect(changed[1]?.symbols.map(({ symbol }) => symbol)).toEqual(["src/flow.ts#Outer.run"]);
  const { stdout: text } = await project.flow("diff");
  expect(text).toContain("task Price: runs again\n  changed OFFSET (src/helpers.ts:7)");
  const { stdout: markdown } = await project.flow("diff", "--markdown");
  expect(markdown).toContain("- changed `OFFSET` (src/helpers.ts:7)");
});

test("an option alone invalidates nothing", async () => {
  edit("src/tasks.ts", "attempts: 2", "attempts: 3");
  const { changed } = (await project.flow("diff", "--json")).json<DiffDocument>();
  expect(changed.map(({ id, invalidated }) => [id, invalidated])).toEqual([["Price", false]]);
});

test("without an edit nothing differs, from the build and from the commit", async () => {
  git("init", "--quiet");
  git("add", ".");
  git("commit", "--quiet", "-m", "first");
  expect((await project.flow("diff", "--exit-code")).code).toBe(0);
  const { stdout, stderr, code } = await project.flow("diff", "HEAD", "--exit-code");
  expect([stdout.trim(), code], stderr).toEqual(["Nothing differs from HEAD.", 0]);
});

test("a name that is neither build nor commit is refused by name", async () => {
  const { code, stderr } = await project.flow("diff", "nowhere");
  expect([code, stderr]).toEqual([2, expect.stringContaining("nowhere is neither a build here nor a commit")]);
  expect(stderr).not.toMatch(/^\s+at /m);
});
