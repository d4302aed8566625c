/** Builds that are missing or damaged: the engine refuses by name, `flow run` builds anew, and recorded runs go on. */
import { existsSync } from "node:fs";
import { readFile, rm, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { TestProject } from "@millrace/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { askEngine, buildProject } from "./built-project.js";

const PARTICULAR = ["run", "Particular", "--city", "Oslo", "--tags", "a", "--where", '{ "lat": 1, "lon": 2 }'];
const PARAMS = '{ city: "Oslo", tags: [], where: { lat: 1, lon: 2 } }';

let project: TestProject;
/** Path of the pinned build, relative to the project. */
let build: string;
let cure: string;
beforeAll(async () => {
  project = await buildProject();
  const manifest = JSON.parse(project.read(".flow/manifest.json")) as { build: string };
  build = `.flow/build/${manifest.build}`;
  cure = project.path("cure");
});
afterAll(() => project.remove());

/** Changes a manifest as somebody with an editor would. */
async function edit(file: string, change: (manifest: Record<string, unknown>) => void): Promise<void> {
  const manifest = JSON.parse(await readFile(file, "utf8")) as Record<string, unknown>;
  change(manifest);
  await writeFile(file, JSON.stringify(manifest, undefined, 2));
}

const withoutGraph = (manifest: Record<string, unknown>): void => {
  const { Particular } = manifest.flows as Record<string, Record<string, unknown>>;
  delete Particular?.graph;
};

type Damage = readonly [name: string, break_: (dir: string) => Promise<void>, code: string, says: RegExp, why: string];

test.each<Damage>([
  [
    "no manifest",
    (dir) => rm(join(dir, ".flow/manifest.json")),
    "manifest-missing",
    /There is no build here: .*manifest\.json/,
    "there is no build yet",
  ],
  [
    "a manifest that is cut short",
    (dir) => truncate(join(dir, ".flow/manifest.json"), 3000),
    "manifest-unreadable",
    /it is no JSON \(damaged or cut short\)/,
    "the manifest cannot be read",
  ],
  [
    "a manifest of another version",
    (dir) =>
      edit(join(dir, ".flow/manifest.json"), (manifest) => {
        manifest.manifestVersion = 99;
      }),
    "manifest-unreadable",
    /it has version 99\/1 and this version of Millrace reads 1\/1/,
    "the manifest cannot be read",
  ],
  [
    "a flow without its graph",
    (dir) => edit(join(dir, ".flow/manifest.json"), withoutGraph),
    "manifest-unreadable",
    /the flow "Particular" has no graph/,
    "the manifest cannot be read",
  ],
  [
    "a build whose own manifest is damaged",
    (dir) => edit(join(dir, build, "manifest.json"), withoutGraph),
    "manifest-unreadable",
    /build.*manifest\.json cannot be used: the flow "Particular" has no graph/,
    "the build is damaged",
  ],
  [
    "no build folder",
    (dir) => rm(join(dir, ".flow/build"), { recursive: true }),
    "build-missing",
    /The build [0-9a-f]{32} is not in .*\.flow\/build/,
    "the build is gone",
  ],
])("%s", async (name, damage, code, says, why) => {
  const id = name.replaceAll(" ", "-");
  await rm(cure, { force: true });
  const careless = ["run", "Careless", "--wrong", "throw error", "--cure", cure, "--id", id];
  expect((await project.flow(...careless)).code).toBe(1);
  await damage(project.root);

  const { error } = await askEngine(project, { start: "Particular", params: PARAMS });
  expect(error).toMatchObject({ code, message: expect.stringMatching(says) as string });
  expect(error?.hint).toMatch(/Run `flow build`/);
  const recorded = await project.flow("resume", id, "--code", "recorded");
  // The run's own build is whole unless it is what was damaged; what the command reads first is refused in the same words.
  expect(recorded.stderr).toMatch(new RegExp(`error\\[${code}\\]: .*\n(.*\n)? {2}hint: Run \`flow build\``));
  expect(recorded).toMatchObject({ code: 2, stdout: "" });

  const run = await project.flow(...PARTICULAR);
  expect(run.stderr).toContain(`Building, since ${why}.`);
  expect(run).toMatchObject({ code: 0, stdout: "Oslo\n" });
  await writeFile(cure, "");
  const resumed = await project.flow("resume", id);
  expect(resumed.stderr).toMatch(/2 steps: 1 restored/);
  expect(resumed).toMatchObject({ code: 0, stdout: "before, well\n" });
});

test("a build without one of its modules says what to do, and `flow build` puts it back", async () => {
  const module = project.path(build, "src/steady.mjs");
  await rm(module);
  const { code, stderr } = await project.flow(...PARTICULAR, "--id", "no-module");
  expect(stderr).toMatch(/\[module-failed\] .*Cannot find module '.*steady\.mjs'.*\n {2}hint: .*`flow build`/);
  expect(code).toBe(1);
  expect((await project.flow("build")).code).toBe(0);
  expect(existsSync(module)).toBe(true);
  expect(await project.flow("resume", "no-module")).toMatchObject({ code: 0, stdout: "Oslo\n" });
});

// A folder without the right to write cannot be shown here: tests may run as root, whom no right stops.
test("a file where the output folder belongs is named, and left alone", async () => {
  await using copy = await project.copy();
  const file = copy.path(".flow");
  await rm(file, { recursive: true });
  await writeFile(file, "mine");
  for (const args of [["build"], ["check"], PARTICULAR, ["runs"], ["resume"]]) {
    const { code, stdout, stderr } = await copy.flow(...args);
    expect(stderr).toMatch(/error\[state-dir-unusable\]: .*\.flow is a file.*\n {2}hint: Move the file away/);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
  }
  expect((await askEngine(copy, { start: "Particular", params: PARAMS })).error).toMatchObject({
    code: "state-dir-unusable",
  });
  expect(await readFile(file, "utf8")).toBe("mine");
});
