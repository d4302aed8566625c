/** CommonJS apps: what they compile to requires ES modules, and which settings of TypeScript know that. */
import { readFile } from "node:fs/promises";
import { beforeAll, describe, expect, it } from "vitest";
import { openWeatherService } from "../packages/weather-service.js";
import { COMMAND, type ConsumerProject, consumerProject } from "./consumer-project.js";

let project: ConsumerProject;

beforeAll(async () => {
  project = await consumerProject("commonjs");
  await project.succeed(COMMAND.flow, ["build"]);
});

describe.each([
  ["tsc-5.9", ["node20"]],
  ["tsc-6", ["nodenext", "commonjs"]],
  ["tsc-7", ["nodenext", "commonjs"]],
] as const)("%s", (tsc, modules) => {
  it.each(modules)("compiles with module %s to an app that runs, without a warning", async (module) => {
    await project.succeed(COMMAND[tsc], ["--module", module]);
    expect(await readFile(project.path("dist/main.js"), "utf8")).toContain('require("millrace/engine")');
    await using weather = await openWeatherService();
    expect(await project.node("dist/main.js", [], { WEATHER_URL: weather.url })).toMatchObject({
      code: 0,
      stdout: "Oslo 4°, Bergen 6°\n",
      stderr: "",
    });
  });

  it("refuses module node16 and says why", async () => {
    const { code, stdout } = await project.node(COMMAND[tsc], ["--module", "node16", "--noEmit"]);
    expect(stdout).toMatch(/error TS1479: .*ECMAScript module and cannot be imported with 'require'/);
    expect(code).not.toBe(0);
  });
});

it("tsc-5.9 refuses module commonjs, since it resolves as Node 10 did, and names the setting", async () => {
  const { code, stdout } = await project.node(COMMAND["tsc-5.9"], ["--module", "commonjs", "--noEmit"]);
  expect(stdout).toMatch(
    /error TS2307: .*'millrace\/engine'[\s\S]*Consider updating to 'node16', 'nodenext', or 'bundler'/,
  );
  expect(code).not.toBe(0);
});
