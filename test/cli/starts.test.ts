/** What commands load before they know whether there is anything to do. */
import { execFile } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import type { TestProject } from "@millrace/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { helloProject } from "./hello-project.js";

const COMMAND = join(import.meta.dirname, "../../packages/cli/bin/flow.js");

let project: TestProject;
beforeAll(async () => {
  project = await helloProject();
});
afterAll(() => project.remove());

/** Modules from files that a command line has loaded, as Node itself reports them. */
async function loaded(...args: readonly string[]): Promise<readonly string[]> {
  return (await loadedByThread(...args)).flat();
}

/** The same for its main thread, and for each other. */
async function loadedByThread(...args: readonly string[]): Promise<readonly (readonly string[])[]> {
  const folder = mkdtempSync(join(tmpdir(), "loaded-"));
  try {
    const env = { ...process.env, NODE_V8_COVERAGE: folder };
    await promisify(execFile)(process.execPath, [COMMAND, ...args], { cwd: project.root, env });
    const reports = readdirSync(folder).map((name) => JSON.parse(readFileSync(join(folder, name), "utf8")));
    return reports.map(({ result }) =>
      result.map(({ url }: { url: string }) => url).filter((url: string) => url.startsWith("file:")),
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const HEAVY = /ts-morph|esbuild|piscina|msgpackr|graphlib|ajv|packages\/core\/dist\/index\.js/;

test("a build loads the analyser, and one that finds nothing changed not even the main door of core", async () => {
  const threads = await loadedByThread("build");
  const analysing = threads.filter((urls) => urls.some((url) => /ts-morph/.test(url)));
  const compiling = threads.filter((urls) => urls.some((url) => /compiler\/dist\/module-thread\.js/.test(url)));
  expect([analysing, compiling].map(({ length }) => length)).toEqual([1, 1]);
  // Each has what the other has not: a parser, and esbuild.
  expect(analysing.flat().filter((url) => /node_modules\/esbuild/.test(url))).toEqual([]);
  expect(compiling.flat().filter((url) => /ts-morph|core\/dist\/index\.js/.test(url))).toEqual([]);
  const again = await loaded("build");
  expect(again.filter((url) => HEAVY.test(url))).toEqual([]);
  expect(again.filter((url) => /packages\/compiler\/dist/.test(url))).not.toEqual([]);
  expect(again.filter((url) => /packages\/\w+\/dist/.test(url)).length).toBeLessThanOrEqual(10);
});

test("a run whose parameters fit loads no validator, and its thread not the main door of core", async () => {
  await loaded("build");
  const threads = await loadedByThread("run", "Hello", "--names", "World");
  expect(threads.flat().filter((url) => /ajv|ts-morph|esbuild|log-update|core\/dist\/picture/.test(url))).toEqual([]);
  const workers = threads.filter((urls) => urls.some((url) => /runtime\/dist\/worker/.test(url)));
  expect(workers).toHaveLength(1);
  expect(workers.flat().filter((url) => /graphlib|core\/dist\/index\.js/.test(url))).toEqual([]);
  // Node takes about 0.7 ms for each: a bundle that falls into more pieces costs more than it looks.
  const pieces = (urls: readonly string[]) => urls.filter((url) => /packages\/(?:core|sdk|runtime)\/dist/.test(url));
  expect(pieces(workers.flat()).length).toBeLessThanOrEqual(10);
  expect(pieces(threads.filter((urls) => !workers.includes(urls)).flat()).length).toBeLessThanOrEqual(16);
});

test("help loads neither runtime nor compiler", async () => {
  const urls = await loaded("--help");
  expect(urls.filter((url) => HEAVY.test(url) || /packages\/(?:runtime|compiler|sdk)\//.test(url))).toEqual([]);
  expect(urls).not.toEqual([]);
});
