/** The module-preserving build: everything that breaks when code is bundled or moved, built and run with plain Node. */
import { existsSync } from "node:fs";
import type { CompileResult } from "@millrace/compiler";
import type { TestProject } from "@millrace/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { fixtureProject } from "./fixture-project.js";
import { runNode } from "./run-node.js";

let project: TestProject;
let result: CompileResult;

beforeAll(async () => {
  project = await fixtureProject("modules");
  result = await project.build();
});

afterAll(() => project.remove());

const moduleOf = (id: string): string =>
  JSON.stringify(`./.flow/build/${result.manifest?.build}/${result.manifest?.tasks[id]?.module}`);

test("the project builds without findings, one output for each module", () => {
  expect(result.diagnostics).toEqual([]);
  for (const output of [
    "src/all.mjs",
    "src/db.mjs",
    "src/lazy.mjs",
    "src/data.json.mjs",
    "linked/ts-lib/src/inner.mjs",
  ]) {
    expect(existsSync(project.path(`.flow/build/${result.manifest?.build}/${output}`)), output).toBe(true);
  }
});

test("every kind of import works in plain Node", async () => {
  const script = `
    const { All } = await import(${moduleOf("All")});
    const { Second } = await import(${moduleOf("Second")});
    console.log(JSON.stringify({ ...(await new All().run()), second: new Second().run() }));`;
  expect(await runNode(project, script)).toEqual({
    order: "configured",
    second: "configured",
    label: "by alias",
    cjs: "cjs",
    esm: "esm",
    linkedJs: "linked JavaScript",
    native: 64,
    workspace: "workspace source",
    settings: { from: "imports" },
    json: "json module",
    answer: 42,
    lazy: "by dynamic import",
    asset: "the asset",
    file: true,
    folder: true,
    names: ["Same", "Same"],
  });
});

test("stacks lead to the sources", async () => {
  project.write(
    "src/fails.ts",
    'import { Task, task } from "millrace";\n\n@task()\nexport class Fails extends Task<never> {\n  run(): never {\n    throw new Error("here");\n  }\n}\n',
  );
  const { manifest } = await project.build();
  const path = JSON.stringify(`./.flow/build/${manifest?.build}/${manifest?.tasks.Fails?.module}`);
  const script = `
    const { Fails } = await import(${path});
    try { new Fails().run(); } catch (error) { console.log(JSON.stringify(error.stack)); }`;
  expect(await runNode(project, script)).toContain(`${project.path("src/fails.ts")}:6:`);
});

test("fingerprints hold every module and package that is reached, and nothing else", () => {
  const { All, Second } = result.manifest?.tasks ?? {};
  expect(Object.keys(All?.fingerprint.modules ?? {})).toEqual([
    "linked/ts-lib/src/index.ts",
    "linked/ts-lib/src/inner.ts",
    "src/all.ts",
    "src/data.json",
    "src/db.ts",
    "src/deep/same.ts",
    "src/deep/top-level-await.ts",
    "src/lazy.ts",
    "src/lib/label.ts",
    "src/lib/settings.ts",
    "src/setup.ts",
  ]);
  expect(Object.keys(All?.fingerprint.packages ?? {})).toEqual([
    "cjs-lib",
    "esm-lib",
    "js-lib",
    "millrace",
    "native-lib",
  ]);
  expect(All?.fingerprint.packages["cjs-lib"]).toBe("1.2.3");
  expect(Object.keys(Second?.fingerprint.modules ?? {})).toEqual(["src/db.ts", "src/second.ts"]);
});

test("a linked JavaScript package counts by its files", async () => {
  const before = (await project.check()).manifest?.tasks.All?.fingerprint;
  project.write("linked/js-lib/index.js", 'export const fromLinkedJs = "changed";\n');
  const after = (await project.check()).manifest?.tasks.All?.fingerprint;
  expect(after?.packages["js-lib"]).not.toBe(before?.packages["js-lib"]);
  expect(after?.hash).not.toBe(before?.hash);
});

test("a module that only a computed import reaches runs, and counts", async () => {
  // biome-ignore-start lint/suspicious/noTemplateCurlyInString: sources as text
  project.write("src/plugins/one.ts", 'import { label } from "../lib/label";\nexport const name = `one ${label}`;\n');
  project.write(
    "src/plugged.ts",
    'import { Task, task } from "millrace";\n\n@task()\nexport class Plugged extends Task<string> {\n  async run() {\n    const plugin = "one";\n    return (await import(`./plugins/${plugin}.ts`)).name;\n  }\n}\n',
  );
  // biome-ignore-end lint/suspicious/noTemplateCurlyInString: sources as text
  const { manifest } = await project.build();
  const entry = manifest?.tasks.Plugged;
  expect(Object.keys(entry?.fingerprint.modules ?? {})).toEqual([
    "src/lib/label.ts",
    "src/plugged.ts",
    "src/plugins/one.ts",
  ]);
  const script = `
    const { Plugged } = await import(${JSON.stringify(`./.flow/build/${manifest?.build}/${entry?.module}`)});
    console.log(JSON.stringify(await new Plugged().run()));`;
  expect(await runNode(project, script)).toBe("one by alias");
});

test("an import that leads nowhere is a finding at its place", async () => {
  project.write(
    "src/lost.ts",
    'import { Task, task } from "millrace";\nimport { gone } from "./gone.js";\n\n@task()\nexport class Lost extends Task<number> {\n  run() {\n    return gone as number;\n  }\n}\n',
  );
  const { diagnostics, written } = await project.build();
  expect(diagnostics.map(({ code, span }) => `${code} ${span.file}:${span.line}:${span.column}`)).toEqual([
    "import-unresolved src/lost.ts:2:22",
  ]);
  expect(written).toEqual([]);
});
