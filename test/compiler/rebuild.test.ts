/** Builds beside running engines, beside each other, killed half way, and of sources that change meanwhile. */
import { existsSync, mkdirSync, readdirSync, utimesSync } from "node:fs";
import { dirname } from "node:path";
import { setImmediate as turn } from "node:timers/promises";
import type { Manifest } from "@millrace/core";
import { memoryStore, openEngine } from "@millrace/runtime";
import type { FinishedCommand, TestProject } from "@millrace/testing";
import { afterEach, beforeEach, expect, test } from "vitest";
import { fixtureProject } from "./fixture-project.js";
import { grown } from "./grown.js";
import { runFlow } from "./run-flow.js";

const COMPILER = new URL("../../packages/compiler/dist/index.js", import.meta.url).href;
const STAMPS = ".flow/cache/stamps.json";
const ENDER = new URL("end-thread-before.mjs", import.meta.url).href;
const KILLER = new URL("kill-before.mjs", import.meta.url).href;

const part = (version: string): string => `export const version = "${version}";\n`;

let project: TestProject;

beforeEach(async () => {
  project = await fixtureProject("rebuild", {
    "package.json": '{ "name": "app", "version": "1.0.0", "type": "module" }',
    "tsconfig.json": JSON.stringify({
      compilerOptions: { target: "es2022", module: "nodenext", strict: true, noEmit: true, types: [] },
      include: ["src"],
    }),
    "src/part.ts": part("old"),
    "src/later.ts": part("old"),
    "src/app.ts": `import { Flow, flow, Task, task } from "millrace";
import { version } from "./part.js";

@task()
export class Tell extends Task<string[]> {
  async run(): Promise<string[]> {
    const later = await import("./later.js");
    return [version, later.version];
  }
}

@flow()
export class Told extends Flow<string[]> {
  async run(): Promise<string[]> {
    return [version, ...(await this.call(Tell, {}))];
  }
}
`,
  });
});

afterEach(() => project.remove());

function writeVersion(version: string): void {
  project.write("src/part.ts", part(version));
  project.write("src/later.ts", part(version));
}

const current = (): Manifest => JSON.parse(project.read(".flow/manifest.json"));

/** Builds in a process of its own, killed before a change to the disk if one is named; the signal that ended it, and what it printed. */
function buildElsewhere(killBefore?: string): Promise<FinishedCommand> {
  const script = `
    const { compile } = await import(${JSON.stringify(COMPILER)});
    const { manifest, diagnostics } = await compile({ cwd: ${JSON.stringify(project.root)}, mode: "build" });
    console.log(manifest?.build ?? JSON.stringify(diagnostics));`;
  // Its threads are watched, too.
  const watched = killBefore === undefined ? {} : { NODE_OPTIONS: `--import ${KILLER}`, KILL_BEFORE: killBefore };
  return project.node(["--input-type=module", "--eval", script], { env: watched }).done;
}

test("a running engine keeps the build that it has pinned, modules and threads that come later included", async () => {
  await project.build();
  const options = { cwd: project.root, threads: 1, observers: [] };
  await using engine = await openEngine({ ...options, store: memoryStore() });
  writeVersion("new");
  expect((await project.build()).changed).toBe(true);
  // Its first run: only now are the flow's module loaded and a thread started.
  expect(await engine.start("Told", {}).result()).toEqual(["old", "old", "old"]);
  await using later = await openEngine({ ...options, store: memoryStore() });
  expect(later.manifest.build).not.toBe(engine.manifest.build);
  expect(await later.start("Told", {}).result()).toEqual(["new", "new", "new"]);
  expect(await engine.start("Told", {}).result()).toEqual(["old", "old", "old"]);
});

test("processes that build at the same time leave one whole build", async () => {
  const built = await Promise.all([buildElsewhere(), buildElsewhere(), buildElsewhere()]);
  expect(new Set(built.map(({ stdout }) => stdout.trim()))).toEqual(new Set([current().build]));
  expect(readdirSync(project.path(".flow/build"))).toEqual([current().build]);
  expect(await runFlow(project.root, "Told")).toEqual(["old", "old", "old"]);
});

test("a build that is killed leaves the old one current and whole, and the next one goes through", async () => {
  await project.build();
  const old = current();
  const oldStamps = project.read(STAMPS);
  writeVersion("new");
  const kills = [
    // In the middle of the folder, and before it gets its name: by two processes at once.
    ["writeFileSync .*part.mjs", "renameSync .*.tmp .*/build/[0-9a-f]{32}$"],
    // With the folder in its place, before the stamps, and before the switch: with the stamps of another build than the current.
    ["renameSync .*stamps.json$"],
    ["renameSync .*.flow/manifest.json$"],
  ];
  for (const points of kills) {
    const ends = await Promise.all(points.map(buildElsewhere));
    expect(ends.map(({ signal }) => signal)).toEqual(points.map(() => "SIGKILL"));
    expect(current()).toEqual(old);
  }
  const named = readdirSync(project.path(".flow/build")).filter((name) => !name.endsWith(".tmp"));
  const sizes = named.map((name) => readdirSync(project.path(`.flow/build/${name}`), { recursive: true }).length);
  expect(new Set(sizes).size, "every folder named by a hash is whole").toBe(1);
  expect(await runFlow(project.root, "Told")).toEqual(["old", "old", "old"]);
  expect(project.read(STAMPS)).not.toBe(oldStamps);
  writeVersion("old");
  await project.build();
  expect([current(), project.read(STAMPS)]).toEqual([old, oldStamps]);
  writeVersion("new");
  await grown(project);
  // What is remembered of a build is written after the switch.
  expect(await buildElsewhere("renameSync .*inputs.json$")).toMatchObject({ signal: "SIGKILL" });
  expect(await runFlow(project.root, "Told")).toEqual(["new", "new", "new"]);
  expect((await project.build()).manifest).toEqual(current());
}, 180_000);

test("a build whose thread ends says so, and the next one of the process goes through", async () => {
  const script = `
    const { compile } = await import(${JSON.stringify(COMPILER)});
    const request = { cwd: ${JSON.stringify(project.root)}, mode: "build" };
    console.log(await compile(request).catch(({ code, message }) => code + ": " + message));
    delete process.env.END_BEFORE; // what a thread is given when it starts
    console.log((await compile(request)).built.build);`;
  const env = { NODE_OPTIONS: `--import ${ENDER}`, END_BEFORE: "part.mjs$" };
  const { stdout, stderr, code } = await project.node(["--input-type=module", "--eval", script], { env }).done;
  expect(code, stderr).toBe(0);
  expect(stdout.split("\n")).toEqual([expect.stringMatching(/^internal-bug: .*has ended/), current().build, ""]);
  expect(await runFlow(project.root, "Told")).toEqual(["old", "old", "old"]);
});

test("a source that changes while it is compiled is compiled again next time", async () => {
  await project.check(); // loads the compiler, so that the next build reads the sources at once
  const building = project.build();
  await turn();
  project.write("src/part.ts", part("new"));
  await building;
  const { manifest } = await project.build();
  expect(manifest).toEqual((await project.check()).manifest);
  expect(await runFlow(project.root, "Told")).toEqual(["new", "new", "old"]);
});

test("what a killed build has left half written goes away when it is old", async () => {
  const files = [".flow/manifest.json.0123456789ab.tmp", ".flow/cache/stamps.json.0123456789ab.tmp"];
  const left = [".flow/build/0123.0123456789ab.tmp/src/part.mjs", ...files];
  const young = ".flow/types.d.ts.ba9876543210.tmp";
  for (const file of [...left, young]) {
    mkdirSync(dirname(project.path(file)), { recursive: true });
    project.write(file, "");
  }
  const old = [".flow/build/0123.0123456789ab.tmp", ...files];
  for (const path of old) utimesSync(project.path(path), 0, 0);
  await project.build();
  expect([...old, young].map((path) => existsSync(project.path(path)))).toEqual([false, false, false, true]);
});
