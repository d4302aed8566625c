/** An unchanged project is recognised without the analyser; whatever a build was made of brings the analyser back. */

import { rmSync, statSync, utimesSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { TestProject } from "@millrace/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { fixtureProject } from "./fixture-project.js";
import { grown } from "./grown.js";
import { runNode } from "./run-node.js";

const COMPILER = new URL("../../packages/compiler/dist/index.js", import.meta.url).href;
const REPOSITORY = fileURLToPath(new URL("../..", import.meta.url));

let project: TestProject;

beforeAll(async () => {
  project = await fixtureProject("weather", {
    "base.json": '{ "compilerOptions": { "strict": true } }',
    "src/data.json": "{}",
    "nested.json": "{}",
    "src/nested/tsconfig.json": '{ "extends": "../../nested.json" }',
    "src/nested/chosen.ts":
      'import { Task, task } from "millrace";\n@task()\nexport class Chosen extends Task<unknown> {\n  run() {\n    return import("../../plugins/" + "x".repeat(2) + ".ts");\n  }\n}\n',
    "plugins/xx.ts": "export {};\n",
  });
  const config = JSON.parse(project.read("tsconfig.json"));
  project.write("tsconfig.json", JSON.stringify({ extends: "./base.json", ...config }));
});

afterAll(() => project.remove());

interface Answer {
  readonly analysed: boolean;
  readonly changed: boolean;
  readonly flows: readonly string[];
  readonly codes: readonly string[];
}

/** Builds in a fresh process and tells whether the analyser was loaded. */
async function build(): Promise<Answer> {
  const script = `
    import { createRequire } from "node:module";
    const { compile } = await import(${JSON.stringify(COMPILER)});
    const result = await compile({ cwd: ${JSON.stringify(project.root)}, mode: "build" });
    console.log(JSON.stringify({
      analysed: Object.keys(createRequire(${JSON.stringify(`${REPOSITORY}x.js`)}).cache).some((file) => file.includes("ts-morph")),
      changed: result.changed,
      flows: Object.keys(result.manifest?.flows ?? {}),
      codes: result.diagnostics.filter(({ severity }) => severity !== "hint").map(({ code }) => code),
    }));`;
  return (await runNode(project, script)) as Answer; // the script above prints one
}

test("a second build loads no analyser and answers the same", async () => {
  await grown(project);
  const first = await build();
  expect(first).toEqual({ analysed: true, changed: true, flows: ["CityReport"], codes: [] });
  expect(await build()).toEqual({ ...first, analysed: false, changed: false });
});

test.each<[string, () => void]>([
  ["a source", () => project.write("src/forecast.ts", `${project.read("src/forecast.ts")}\n`)],
  ["a new file", () => project.write("src/new/later.ts", "export {};\n")],
  ["a new configuration", () => project.write("src/new/tsconfig.json", "{}")],
  [
    "what the configuration of a folder extends",
    () => project.write("nested.json", '{ "compilerOptions": { "strict": false } }'),
  ],
  ["a module that a computed import could choose", () => project.write("plugins/later.ts", "export {};\n")],
  ["an extended configuration", () => project.write("base.json", '{ "compilerOptions": { "strict": false } }')],
  [
    "the package.json",
    () => project.write("package.json", '{ "name": "weather", "version": "1.0.1", "type": "module" }'),
  ],
  ["an installation", () => project.write("node_modules/.package-lock.json", "{}")],
  ["deleted types", () => rmSync(project.path(".flow/types.d.ts"))],
  ["deleted stamps", () => rmSync(project.path(".flow/cache/stamps.json"))],
  ["a damaged manifest", () => project.write(".flow/manifest.json", "{")],
  ["a deleted build", () => rmSync(project.path(".flow/build"), { recursive: true })],
  [
    "types of the same size and time",
    () => {
      const file = project.path(".flow/types.d.ts");
      const { atime, mtime } = statSync(file);
      project.write(".flow/types.d.ts", project.read(".flow/types.d.ts").replace("city", "town"));
      utimesSync(file, atime, mtime);
    },
  ],
  ["a damaged memory", () => project.write(".flow/cache/inputs.json", "{")],
])("%s brings the analyser back", async (_, change) => {
  change();
  await grown(project);
  expect(await build()).toMatchObject({ analysed: true, flows: ["CityReport"], codes: [] });
  expect(await build()).toMatchObject({ analysed: false, changed: false });
});
