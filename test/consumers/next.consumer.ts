/** Next.js: a route handler starts a flow by class and by name, in a production build; a restart goes on with what was cut. */
import { readFile, rm, writeFile } from "node:fs/promises";
import type { RunningCommand } from "@millrace/testing";
import { beforeAll, describe, expect, it } from "vitest";
import { openWeatherService } from "../packages/weather-service.js";
import { COMMAND, type ConsumerProject, consumerProject } from "./consumer-project.js";

let project: ConsumerProject;

beforeAll(async () => {
  project = await consumerProject("next", "flows");
  await project.succeed(COMMAND.flow, ["build"]);
});

describe.each([
  ["Turbopack, nothing configured", "export default {};", []],
  ["Turbopack, Millrace external", 'export default { serverExternalPackages: ["millrace"] };', []],
  ["webpack, nothing configured", "export default {};", ["--webpack"]],
])("%s", (_name, config, flags) => {
  it("builds, starts flows by class and by name, and goes on after a restart", async () => {
    await writeFile(project.path("next.config.mjs"), config);
    for (const made of [".next", ".flow/state.db"]) await rm(project.path(made), { recursive: true, force: true });
    await project.succeed(COMMAND.next, ["build", ...flags]);
    await using weather = await openWeatherService();
    const start = (): RunningCommand =>
      project.start(COMMAND.next, ["start", "-H", "127.0.0.1", "-p", "0"], { WEATHER_URL: weather.url });

    await using first = start();
    const url = await address(first);
    expect(await post(`${url}/reports/r1?city=Oslo`)).toEqual({ report: "Oslo 4°" });
    expect(await post(`${url}/reports/r2?city=Bergen&by=name`)).toEqual({ report: "Bergen 6°" });
    weather.hold("Narvik");
    const cut = post(`${url}/reports/r3?city=Narvik`).catch(() => "cut");
    await weather.askedFor("Narvik");
    first.kill("SIGKILL");
    await first.done;
    expect(await cut).toBe("cut");

    weather.release("Narvik");
    await using second = start();
    await address(second);
    // instrumentation.ts opens the engine, which goes on with the run by itself.
    await weather.askedFor("Narvik", 2);
    expect(weather.asked).toEqual(["Oslo", "Bergen", "Narvik", "Narvik"]);
  });
});

it("says which setting is missing when classes are compiled without it", async () => {
  await writeFile(project.path("next.config.mjs"), "export default {};");
  const tsconfig = JSON.parse(await readFile(project.path("tsconfig.json"), "utf8"));
  delete tsconfig.compilerOptions.experimentalDecorators;
  await writeFile(project.path("tsconfig.json"), JSON.stringify(tsconfig));
  const { code, stdout, stderr } = await project.node(COMMAND.next, ["build"]);
  expect(stdout + stderr).toMatch(/flow-misuse[\s\S]*"experimentalDecorators": true/);
  expect(code).not.toBe(0);
});

async function address(server: RunningCommand): Promise<string> {
  const line = await server.line(/Local:\s+http:/);
  await server.line("Ready in");
  return line.slice(line.indexOf("http:")).trim();
}

async function post(url: string): Promise<unknown> {
  const response = await fetch(url, { method: "POST" });
  return response.json();
}
