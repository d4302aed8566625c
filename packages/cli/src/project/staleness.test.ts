import { mkdir, mkdtemp, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { type BuildHash, GRAPH_VERSION, MANIFEST_VERSION, type Manifest } from "@millrace/core";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { CommandPlace } from "./place-of-command.js";
import { beforeBuild, judgeBuild } from "./staleness.js";

let place: CommandPlace;
const BUILT = new Date(2026, 0, 2);
const LATER = new Date(2026, 0, 3);

const manifest = {
  manifestVersion: MANIFEST_VERSION,
  graphVersion: GRAPH_VERSION,
  build: "abc" as BuildHash,
  compiler: "1.0.0",
  tasks: {
    T: {
      id: "T",
      module: "src/t.js",
      exportName: "T",
      params: [],
      fingerprint: { modules: { "src/t.ts": "x", "src/data.json": "x", "../shared/s.ts": "x" } },
    },
  },
  flows: {},
  // What the judge does not look at is left out.
} as unknown as Manifest;

async function put(path: string, text: string, time = BUILT): Promise<void> {
  const file = join(place.root, path);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, text);
  await utimes(file, time, time);
}

/** As a build would: note before, outputs, note after. */
async function build(): Promise<void> {
  const note = beforeBuild(place);
  await put(".flow/manifest.json", JSON.stringify(manifest));
  await put(".flow/build/abc/manifest.json", JSON.stringify(manifest));
  note({ built: manifest, manifest }, "1.0.0");
}

beforeEach(async () => {
  const root = join(await mkdtemp(join(tmpdir(), "millrace-stale-")), "workspace", "app");
  place = { cwd: root, root, stateDir: join(root, ".flow") };
  await put("package.json", "{}");
  await put("package-lock.json", "{}");
  await put("tsconfig.json", "{}");
  await put("src/t.ts", "export class T {}");
  await put("src/data.json", "1");
  await put("../shared/s.ts", "export const s = 1;");
});
afterEach(() => rm(dirname(dirname(place.root)), { recursive: true, force: true }));

const judge = (compiler: string | undefined = "1.0.0") => judgeBuild(place, compiler);

test("fresh after a build, also with tests, notes and results written beside it", async () => {
  await build();
  await put("src/t.test.ts", "new");
  await put("out/report.json", "new");
  await put("README.md", "new");
  await put("node_modules/x/index.ts", "new");
  await put(".cache/y.ts", "new");
  expect(judge()).toEqual({ stale: false });
});

test.each([
  ["src/t.ts", "export class T { x = 1 }"],
  ["src/data.json", "2"],
  ["../shared/s.ts", "export const s = 2;"],
  ["tsconfig.json", '{"compilerOptions":{}}'],
  ["package-lock.json", '{"lockfileVersion":3}'],
])("stale when %s changes", async (path, text) => {
  await build();
  await put(path, text, LATER);
  expect(judge()).toEqual({ stale: true, reason: `${path} has changed` });
});

test("a change of the same size and a file put back in time are seen", async () => {
  await build();
  await put("src/t.ts", "export class U {}", LATER);
  expect(judge()).toMatchObject({ stale: true });
  await put("src/t.ts", "export class T { older = 1 }", new Date(2020, 0, 1));
  expect(judge()).toMatchObject({ stale: true });
});

test("stale when a source is new or gone", async () => {
  await build();
  await put("src/new.ts", "");
  expect(judge()).toEqual({ stale: true, reason: "src/new.ts is new" });
  await rm(join(place.root, "src/new.ts"));
  expect(judge()).toEqual({ stale: false });
  await rm(join(place.root, "src/data.json"));
  expect(judge()).toEqual({ stale: true, reason: "src/data.json has changed" });
});

test("a copy with other times and the same bytes is fresh", async () => {
  await build();
  for (const path of ["src/t.ts", "package.json", "tsconfig.json"]) await utimes(join(place.root, path), LATER, LATER);
  expect(judge()).toEqual({ stale: false });
});

test("without the note, times decide", async () => {
  await build();
  await rm(join(place.stateDir, "cache"), { recursive: true });
  expect(judge()).toEqual({ stale: false });
  await utimes(join(place.root, "src/t.ts"), LATER, LATER);
  expect(judge()).toEqual({ stale: true, reason: "src/t.ts is newer than the build" });
});

test("configuration above the lockfile is somebody else's, between it and the project it counts", async () => {
  await rm(join(place.root, "package-lock.json"));
  await put("../package-lock.json", "{}");
  await build();
  await put("../../tsconfig.json", "{}");
  expect(judge()).toEqual({ stale: false });
  await put("../tsconfig.base.json", "{}");
  expect(judge()).toEqual({ stale: true, reason: "../tsconfig.base.json is new" });
});

test("without any lockfile, nothing above the tsconfig counts", async () => {
  await rm(join(place.root, "package-lock.json"));
  await build();
  await put("../tsconfig.other.json", "{}");
  expect(judge()).toEqual({ stale: false });
});

test("a note of another build does not count", async () => {
  await build();
  await put(".flow/cache/sources.json", JSON.stringify({ build: "other", compiler: "1.0.0", files: {} }));
  expect(judge()).toEqual({ stale: false });
  await put(".flow/cache/sources.json", "{ cut sho");
  expect(judge()).toEqual({ stale: false });
});

test("an installation without sources runs what it was given, with or without compiler", async () => {
  await build();
  await rm(join(place.root, "src"), { recursive: true });
  await rm(join(place.root, "tsconfig.json"));
  await rm(join(place.root, "../shared"), { recursive: true });
  expect(judge()).toEqual({ stale: false });
  expect(judge(undefined)).toEqual({ stale: false });
});

test("another compiler makes it stale, no compiler does not", async () => {
  await build();
  expect(judge("2.0.0")).toEqual({ stale: true, reason: "the compiler is now 2.0.0" });
  expect(judge(undefined)).toEqual({ stale: false });
});

test("no manifest, a damaged one, and a missing build folder are stale", async () => {
  expect(judge()).toEqual({ stale: true, reason: "there is no build yet" });
  await build();
  await rm(join(place.stateDir, "build"), { recursive: true });
  expect(judge()).toEqual({ stale: true, reason: "the build is gone" });
  await put(".flow/manifest.json", "{");
  expect(judge()).toEqual({ stale: true, reason: "the manifest cannot be read" });
});
