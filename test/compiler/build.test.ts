/** A build as its readers see it: manifest, both decorator conventions, determinism, and what errors leave untouched. */
import { existsSync, readdirSync, readFileSync, statSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { compile } from "@millrace/compiler";
import { type Diagnostic, type Manifest, readManifest } from "@millrace/core";
import type { TestProject } from "@millrace/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { fixtureProject } from "./fixture-project.js";
import { runNode } from "./run-node.js";

/** The project has a task that no flow calls. */
const withoutHints = (diagnostics: readonly Diagnostic[]): readonly Diagnostic[] =>
  diagnostics.filter(({ severity }) => severity !== "hint");

let project: TestProject;
let manifest: Manifest;

beforeAll(async () => {
  project = await fixtureProject("weather");
  const result = await project.build();
  expect(withoutHints(result.diagnostics)).toEqual([]);
  expect(result.changed).toBe(true);
  manifest = readManifest(project.read(".flow/manifest.json"), "manifest.json");
});

afterAll(() => project.remove());

/** Every file of an output folder with its content; the cache is written only when no input was touched meanwhile. */
function snapshot(folder: string): ReadonlyMap<string, string> {
  return new Map(
    readdirSync(folder, { recursive: true, encoding: "utf8" })
      .filter((file) => !file.startsWith("cache") && statSync(join(folder, file)).isFile())
      .map((file) => [file, readFileSync(join(folder, file), "utf8")]),
  );
}

test("a task entry says what its class says", () => {
  const entry = manifest.tasks.FetchForecast;
  expect(entry).toMatchObject({
    kind: "task",
    source: "src/tasks/fetch-forecast.ts",
    module: "src/tasks/fetch-forecast.mjs",
    exportName: "FetchForecast",
    doc: "Asks for the forecast of a city.",
    hooks: ["onFailure"],
    shared: { reads: [], writes: [] },
    options: { retry: { attempts: 3, backoff: "exponential", delay: "1s" }, timeout: "30s", tags: ["weather"] },
    result: { text: "Forecast" },
  });
  expect(entry?.params).toEqual([
    {
      name: "city",
      required: true,
      doc: "City name as the weather service spells it.",
      schema: { type: "string" },
      text: "string",
    },
    { name: "days", required: false, default: { value: 7 }, schema: { type: "number" }, text: "number" },
    { name: "unit", required: false, default: { value: "C" }, schema: { enum: ["C", "F"] }, text: '"C" | "F"' },
    {
      name: "since",
      required: false,
      default: { source: "new Date(0)" },
      schema: { "x-millrace-kind": "Date" },
      text: "Date",
    },
    {
      name: "station",
      required: false,
      schema: { type: "object", properties: { id: { type: "string" } }, required: ["id"] },
      text: "Station",
    },
  ]);
  expect(entry?.paramsSchema).toMatchObject({ type: "object", required: ["city"], additionalProperties: false });
});

test("default and renamed exports are named as their modules name them", () => {
  expect(manifest.tasks.Render).toMatchObject({ className: "Render", exportName: "default" });
  expect(manifest.tasks.PickInner).toMatchObject({ className: "PickInner", exportName: "Pick" });
});

test("a flow entry has its graph", () => {
  const entry = manifest.flows.CityReport;
  expect(entry?.graph.nodes.filter((node) => node.kind === "call").map((node) => node.id)).toEqual([
    "FetchForecast",
    "Render",
  ]);
  expect(entry?.options).toEqual({ version: "2" });
});

test("a second build writes nothing, and a third in another folder writes the same bytes", async () => {
  const again = await project.build();
  expect(again).toMatchObject({ changed: false, written: [] });
  await using other = await fixtureProject("weather");
  await other.build();
  expect(snapshot(other.path(".flow"))).toEqual(snapshot(project.path(".flow")));
});

test("no output names a place of this machine, a time, or a temporary file", () => {
  for (const [file, text] of snapshot(project.path(".flow"))) {
    expect(text, file).not.toContain(project.root);
    expect(file).not.toMatch(/tmp/);
  }
  expect(project.read(".flow/.gitignore")).toBe("*\n");
});

test("a comment changes the build, and no fingerprint", async () => {
  await using copy = await fixtureProject("weather");
  await copy.build();
  copy.write("src/tasks/render.ts", `${copy.read("src/tasks/render.ts")}// a comment\n`);
  const result = await copy.build();
  const after = result.manifest;
  expect(result.changed).toBe(true);
  expect(after?.build).not.toBe(manifest.build);
  expect(after?.tasks.FetchForecast).toEqual(manifest.tasks.FetchForecast);
  expect(after?.tasks.Render?.fingerprint.hash).toBe(manifest.tasks.Render?.fingerprint.hash);
  expect(after?.flows.CityReport?.fingerprint.hash).toBe(manifest.flows.CityReport?.fingerprint.hash);
  expect({ ...after?.tasks.Render, fingerprint: undefined }).toEqual({
    ...manifest.tasks.Render,
    fingerprint: undefined,
  });
  // The build that an engine may have pinned is still there.
  expect(existsSync(copy.path(`.flow/build/${manifest.build}/manifest.json`))).toBe(true);
  expect(
    result.written.map((file) => file.slice(copy.root.length + 1)).filter((file) => !file.startsWith(".flow/build/")),
  ).toEqual([".flow/cache/stamps.json", ".flow/manifest.json"]);
});

test("a changed type changes the fingerprint although no code did", async () => {
  await using copy = await fixtureProject("weather");
  copy.write(
    "src/forecast.ts",
    copy.read("src/forecast.ts").replace("readonly number[]", "readonly (number | null)[]"),
  );
  const after = (await copy.check()).manifest;
  expect(after?.tasks.Render?.fingerprint.hash).not.toBe(manifest.tasks.Render?.fingerprint.hash);
  expect(after?.tasks.PickInner?.fingerprint.hash).toBe(manifest.tasks.PickInner?.fingerprint.hash);
});

test.each([
  ["TC39", {}],
  ["TC39 with assigned fields", { useDefineForClassFields: false }],
  ["legacy", { experimentalDecorators: true }],
  ["legacy with defined fields", { experimentalDecorators: true, useDefineForClassFields: true }],
])("%s decorators leave the same metadata in compiled classes", async (_, options) => {
  await using copy = await fixtureProject("weather");
  const config = JSON.parse(copy.read("tsconfig.json"));
  copy.write(
    "tsconfig.json",
    JSON.stringify({ ...config, compilerOptions: { ...config.compilerOptions, ...options } }),
  );
  const { diagnostics, manifest } = await copy.build();
  expect(withoutHints(diagnostics)).toEqual([]);
  const script = `
    import { createRequire } from "node:module";
    import { realpathSync } from "node:fs";
    import { pathToFileURL } from "node:url";
    const { FetchForecast } = await import(${JSON.stringify(`./.flow/build/${manifest?.build}/src/tasks/fetch-forecast.mjs`)});
    const { paramsOf, declarationOf } = await import(pathToFileURL(realpathSync("node_modules/@millrace/sdk/dist/internal.js")).href);
    const task = new FetchForecast();
    console.log(JSON.stringify({
      params: paramsOf(FetchForecast),
      kind: declarationOf(FetchForecast).kind,
      defaults: [task.days, task.unit],
      name: FetchForecast.name,
    }));`;
  expect(await runNode(copy, script)).toEqual({
    params: ["city", "days", "unit", "since", "station"],
    kind: "task",
    defaults: [7, "C"],
    name: "FetchForecast",
  });
});

test("check finds the same and writes nothing", async () => {
  await using copy = await fixtureProject("weather");
  const result = await copy.check();
  expect(result.manifest).toEqual(manifest);
  expect(result.changed).toBe(true);
  expect(existsSync(copy.path(".flow"))).toBe(false);
});

test("errors leave the last good build as it was", async () => {
  await using copy = await fixtureProject("weather");
  await copy.build();
  const before = snapshot(copy.path(".flow"));
  copy.write("src/tasks/broken.ts", "export class {{{\n");
  const broken = await copy.build();
  expect(broken.diagnostics.every(({ code }) => code === "syntax-error")).toBe(true);
  expect(broken.diagnostics[0]?.span).toMatchObject({ file: "src/tasks/broken.ts", line: 1 });
  expect(broken).toMatchObject({ changed: false, written: [] });
  copy.write(
    "src/tasks/broken.ts",
    'import { Task, task } from "millrace";\n@task()\nclass Hidden extends Task<void> { run() {} }\n',
  );
  expect(withoutHints((await copy.build()).diagnostics).map(({ code }) => code)).toEqual(["not-exported"]);
  expect(snapshot(copy.path(".flow"))).toEqual(before);
});

test("tests, excluded files and other folders are no part of the project", async () => {
  await using copy = await fixtureProject("weather", {
    "src/broken.test.ts": "export class {{{",
    "src/broken.spec.ts": "export class {{{",
    "src/drafts/broken.ts": "export class {{{",
    "package.json": '{ "name": "w", "type": "module", "millrace": { "include": ["src"], "exclude": ["src/drafts"] } }',
  });
  expect(withoutHints((await copy.check()).diagnostics)).toEqual([]);
});

test("settings name another configuration and output folder", async () => {
  await using copy = await fixtureProject("weather");
  copy.write("tsconfig.build.json", copy.read("tsconfig.json"));
  copy.write("tsconfig.json", '{ "files": [], "references": [] }');
  copy.write(
    "package.json",
    '{ "name": "w", "type": "module", "millrace": { "tsconfig": "tsconfig.build.json", "stateDir": "out/flow" } }',
  );
  const { manifest, diagnostics } = await copy.build();
  expect(withoutHints(diagnostics)).toEqual([]);
  expect(copy.read("out/flow/types.d.ts")).toContain('declare module "../../src/flows/city-report.js"');
  const script = `const { CityReport } = await import(${JSON.stringify(`./out/flow/build/${manifest?.build}/src/flows/city-report.mjs`)}); console.log(JSON.stringify(CityReport.name));`;
  expect(await runNode(copy, script)).toBe("CityReport");
});

test("what is no project is said so", async () => {
  await using empty = await fixtureProject("weather");
  const cases: readonly [Readonly<Record<string, string>>, RegExp][] = [
    [{ "package.json": "{" }, /no valid JSON/],
    [{ "package.json": '{ "millrace": { "tsconfig": "nowhere.json" } }' }, /nowhere\.json/],
    [{ "package.json": '{ "millrace": { "inclued": [] } }' }, /millrace\.inclued/],
    [{ "package.json": "{}", "tsconfig.json": '{ "include": ["nowhere"] }' }, /no source file/],
  ];
  for (const [files, message] of cases) {
    for (const [path, text] of Object.entries(files)) empty.write(path, text);
    await expect(empty.build()).rejects.toMatchObject({
      code: "project-not-found",
      message: expect.stringMatching(message),
    });
  }
  await expect(compile({ cwd: "/", mode: "check" })).rejects.toMatchObject({
    code: "project-not-found",
    hint: expect.stringContaining("--cwd"),
  });
  await expect(compile({ cwd: join(empty.root, "nowhere"), mode: "check" })).rejects.toMatchObject({
    code: "project-not-found",
  });
});

test("a file where the output folder belongs is refused", async () => {
  await using copy = await fixtureProject("weather", { ".flow": "a file" });
  await expect(copy.build()).rejects.toMatchObject({ code: "state-dir-unusable" });
  expect(copy.read(".flow")).toBe("a file");
});

test("a project opened through a link is the same project", async () => {
  await using copy = await fixtureProject("weather");
  symlinkSync(copy.root, `${copy.root}-link`);
  try {
    const result = await compile({ cwd: join(`${copy.root}-link`, "src"), mode: "check" });
    expect(result.root).toBe(copy.root);
    expect(result.manifest).toEqual(manifest);
  } finally {
    const { unlinkSync } = await import("node:fs");
    unlinkSync(`${copy.root}-link`);
  }
});
