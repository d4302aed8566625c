/**
 * The generated declarations, judged by every TypeScript that users may have: exactly the marked lines are errors. Calls
 * stand in `src/calls`, which the builds leave out, since a build reports wrong calls itself.
 */
import { cpSync, existsSync, readdirSync } from "node:fs";
import { compile } from "@millrace/compiler";
import type { TestProject } from "@millrace/testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { fixtureProject } from "../compiler/fixture-project.js";
import { COMPILERS } from "../toolchains/compilers.js";
import { INSTALL_TIMEOUT_MS, install } from "../toolchains/install.js";
import { markedErrors } from "./marked-errors.js";
import { typeErrors } from "./type-errors.js";

/** Three compilers one after the other, on a machine that has other work, ms. */
const TIMEOUT_MS = 180_000;

beforeAll(() => install("test/toolchains"), INSTALL_TIMEOUT_MS);

describe.each([
  { name: "shapes", about: "generics, default exports, aliases, subclasses, start", roots: ["."], tsc: ["-p", "."] },
  { name: "functions", about: "tasks and flows made of functions", roots: ["."], tsc: ["-p", "."] },
  { name: "schedulers", about: "results of jobs, and what takes them", roots: ["."], tsc: ["-p", "."] },
  { name: "workspace", about: "a package of the workspace", roots: ["."], tsc: ["-p", "."] },
  { name: "composite", about: "referenced projects", roots: ["lib", "flows"], tsc: ["-b", "app", "flows"] },
])("$name: $about", ({ name, roots, tsc }) => {
  let project: TestProject;
  /** Files that were there at the last build. */
  let seen: readonly string[] = [];

  beforeAll(async () => {
    project = await fixtureProject(`types/${name}`);
  });
  afterAll(() => project?.remove());

  async function build(): Promise<void> {
    for (const root of roots) {
      const { diagnostics } = await compile({ cwd: project.path(root), mode: "build" });
      expect(diagnostics.filter(({ severity }) => severity === "error")).toEqual([]);
    }
    seen = calls(project);
  }

  async function judge(): Promise<void> {
    const marked = calls(project).flatMap((path) => markedErrors(project.root, path, seen.includes(path)));
    // One after the other: with `-b` they write to the same folder.
    for (const compiler of COMPILERS) {
      const errors = await typeErrors(compiler, project.root, tsc);
      expect.soft([...errors].sort(), `TypeScript ${compiler.version}`).toEqual([...marked].sort());
    }
  }

  test("before the first build", judge, TIMEOUT_MS);

  test(
    "after it, with a field and classes that came later",
    async () => {
      await build();
      if (existsSync(project.path("later"))) cpSync(project.path("later"), project.root, { recursive: true });
      await judge();
    },
    TIMEOUT_MS,
  );

  test(
    "after the next build",
    async () => {
      await build();
      await judge();
    },
    TIMEOUT_MS,
  );
});

/** Files of a project with calls, relative to it. */
function calls({ root }: TestProject): readonly string[] {
  return readdirSync(root, { recursive: true, encoding: "utf8" }).filter((path) =>
    /^(?!later\/).*src\/calls\/\w[\w-]*\.ts$/.test(path),
  );
}
