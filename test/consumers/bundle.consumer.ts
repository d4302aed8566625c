/** An app that esbuild has bundled: with Millrace outside, as it should be, and inside. */
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { run } from "../packages/command.js";
import { openWeatherService } from "../packages/weather-service.js";
import { COMMAND, type ConsumerProject, consumerProject } from "./consumer-project.js";

let project: ConsumerProject;

beforeAll(async () => {
  project = await consumerProject("bundle");
  await project.succeed(COMMAND.flow, ["build"]);
});

it.each([
  ["Millrace external, minified", []],
  ["Millrace external", [/^ {2}minify: true,\n/m]],
  ["everything bundled and minified", [/^ {2}packages: "external",\n/m]],
  ["everything bundled", [/^ {2}packages: "external",\n/m, /^ {2}minify: true,\n/m]],
])("%s: runs flows by name and by class, in threads", async (_name, without) => {
  await bundle(without);
  await using weather = await openWeatherService();
  expect(await project.node("dist/main.mjs", [], { WEATHER_URL: weather.url })).toMatchObject({
    code: 0,
    stdout: "Oslo 4°\nBergen 6°\n",
    stderr: "",
  });
  expect(weather.asked).toEqual(["Oslo", "Bergen"]);
});

describe("where a bundle cannot work it says what to do:", () => {
  const EXTERNAL = /engine-bundled[\s\S]*Make the package "millrace" external[\s\S]*packages: "external"/;

  it("everything bundled, and Millrace not installed where it runs", async () => {
    await bundle([/^ {2}packages: "external",\n/m]);
    const lonely = await mkdtemp(join(tmpdir(), "lonely-"));
    for (const part of ["package.json", ".flow", "dist"]) {
      await cp(project.path(part), join(lonely, part), { recursive: true });
    }
    const { code, stderr } = await run(lonely, process.execPath, ["dist/main.mjs"]);
    await rm(lonely, { recursive: true });
    expect(stderr).toMatch(EXTERNAL);
    expect(code).toBe(1);
  });

  it("everything bundled as CommonJS, where a module does not know its file", async () => {
    await bundle(
      [/^ {2}packages: "external",\n/m],
      [
        ['format: "esm"', 'format: "cjs"'],
        ["dist/main.mjs", "dist/main.cjs"],
        ["src/main.ts", "src/main-async.ts"],
      ],
    );
    const { code, stderr } = await project.node("dist/main.cjs");
    expect(stderr).toMatch(EXTERNAL);
    expect(code).toBe(1);
  });
});

/** Runs the project's own build script, without some of its lines or with others. */
async function bundle(
  without: readonly RegExp[],
  replaced: readonly (readonly [string, string])[] = [],
): Promise<void> {
  let script = await readFile(project.path("build.mjs"), "utf8");
  for (const line of without) {
    expect(script).toMatch(line);
    script = script.replace(line, "");
  }
  for (const [from, to] of replaced) script = script.replace(from, to);
  // CommonJS has no top-level await.
  const main = await readFile(project.path("src/main.ts"), "utf8");
  const [imports = "", body = ""] = main.split(/(?=^const engine)/m);
  await writeFile(project.path("src/main-async.ts"), `${imports}async function main() {\n${body}}\nvoid main();\n`);
  await mkdir(project.path("dist"), { recursive: true });
  await writeFile(project.path("build-variant.mjs"), script);
  await project.succeed("build-variant.mjs");
}
