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
  const folder = mkdtempSync(join(tmpdir(), "loaded-"));
  try {
    const env = { ...process.env, NODE_V8_COVERAGE: folder };
    await promisify(execFile)(process.execPath, [COMMAND, ...args], { cwd: project.root, env });
    const reports = readdirSync(folder).map((name) => JSON.parse(readFileSync(join(folder, name), "utf8")));
    const urls: readonly string[] = reports.flatMap(({ result }) => result.map(({ url }: { url: string }) => url));
    return urls.filter((url) => url.startsWith("file:"));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const HEAVY = /ts-morph|esbuild|piscina|msgpackr|graphlib|ajv|packages\/core\/dist\/index\.js/;

test("a build loads the analyser, and one that finds nothing changed not even the main door of core", async () => {
  expect((await loaded("build")).filter((url) => /ts-morph/.test(url))).not.toEqual([]);
  const again = await loaded("build");
  expect(again.filter((url) => HEAVY.test(url))).toEqual([]);
  expect(again.filter((url) => /packages\/compiler\/dist/.test(url))).not.toEqual([]);
});

test("help loads neither runtime nor compiler", async () => {
  const urls = await loaded("--help");
  expect(urls.filter((url) => HEAVY.test(url) || /packages\/(?:runtime|compiler|sdk)\//.test(url))).toEqual([]);
  expect(urls).not.toEqual([]);
});
