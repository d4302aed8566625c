/** The generated declarations, judged by TypeScript: what compiles before the first build, and what does not after it. */
import { fileURLToPath } from "node:url";
import type { TestProject } from "@millrace/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { fixtureProject } from "./fixture-project.js";

const TSC = fileURLToPath(new URL("../../node_modules/typescript/bin/tsc", import.meta.url));

const GOOD = `
import type { Engine } from "millrace/engine";
import { Flow, flow, param, task } from "millrace";
import type { Forecast } from "./forecast.js";
import { CityReport } from "./flows/city-report.js";
import { FetchForecast } from "./tasks/fetch-forecast.js";
import { Pick } from "./tasks/pick.js";
import Render from "./tasks/render.js";

/** A required parameter may get a default in a subclass, and new fields may come. */
@task()
export class OsloForecast extends FetchForecast {
  override city = "Oslo";
  @param() fresh = true;
}

@flow()
export class Good extends Flow<string> {
  async run(): Promise<string> {
    const forecast: Forecast = await this.call(FetchForecast, { city: "Oslo" });
    await this.call(FetchForecast, { city: "Oslo", days: 2, unit: "F", since: new Date(0), station: { id: "x" } }, { timeout: "1s" });
    await this.call(OsloForecast, { city: "Oslo", fresh: false });
    const first: Forecast | undefined = await this.call(Pick<Forecast>, { items: [forecast] });
    const report: string = await this.call(CityReport, { cities: [first?.city ?? ""] });
    return report + (await this.call(Render, { forecasts: [forecast] }));
  }
}

export async function start(engine: Engine): Promise<string> {
  const byName: string = await engine.start("CityReport", { cities: ["Oslo"] }).result();
  return byName + (await engine.start(CityReport, { cities: ["Oslo"] }, { id: "one" }).result());
}
`;

const BAD: readonly string[] = [
  "flow.call(FetchForecast, {})",
  "flow.call(FetchForecast)",
  "flow.call(FetchForecast, { city: 1 })",
  'flow.call(FetchForecast, { city: "Oslo", dayz: 1 })',
  'flow.call(FetchForecast, { city: "Oslo", station: { id: 1 } })',
  "flow.call(Render, {})",
  "flow.call(Pick<{ a: 1 }>, { items: [{ a: 2 }] })",
  "engine.start(CityReport, {})",
  "engine.start(CityReport)",
  'engine.start("CityReport", {})',
  'engine.start("CityReport", { cities: "Oslo" })',
  'engine.start(CityReport, { cities: "Oslo" })',
  "engine.start(CityReport, { cities: [], citys: [] })",
];

const IMPORTS = `
import type { Engine } from "millrace/engine";
import type { Flow } from "millrace";
import { CityReport } from "./flows/city-report.js";
import { FetchForecast } from "./tasks/fetch-forecast.js";
import { Pick } from "./tasks/pick.js";
import Render from "./tasks/render.js";
declare const flow: Flow;
declare const engine: Engine;
`;

let project: TestProject;

beforeAll(async () => {
  project = await fixtureProject("weather");
});

afterAll(() => project.remove());

/** Errors of the repository's TypeScript, `file:line code` each. */
async function typeErrors(): Promise<readonly string[]> {
  const { stdout } = await project.node([TSC, "-p", ".", "--pretty", "false"]).done;
  return stdout.split("\n").flatMap((line) => {
    const match = /^([^(]+)\((\d+),\d+\): error (TS\d+)/.exec(line);
    return match ? [`${match[1]}:${match[2]} ${match[3]}`] : [];
  });
}

test("before the first build everything compiles loosely", async () => {
  const loose = BAD.filter((line) => !/dayz|citys|: 1 \}\)|"Oslo" \}\)$|id: 1|a: 2|\[1\]/.test(line));
  expect(loose.length).toBeGreaterThan(4);
  project.write("src/loose.ts", `${IMPORTS}${loose.map((line) => `void ${line};`).join("\n")}\n`);
  expect(await typeErrors()).toEqual([]);
});

test("after a build the good file compiles and every bad line is an error", async () => {
  project.write("src/loose.ts", "export {};\n");
  expect((await project.build()).diagnostics).toEqual([]);
  project.write("src/good.ts", GOOD);
  expect(await typeErrors()).toEqual([]);

  // Only a build knows that the subclass needs no city any more.
  const again = await project.build();
  expect(again.diagnostics.filter(({ severity }) => severity === "error")).toEqual([]);
  expect(again.manifest?.tasks.OsloForecast?.params.map(({ name, required }) => `${name} ${required}`)).toEqual([
    "city false",
    "days false",
    "unit false",
    "since false",
    "station false",
    "fresh false",
  ]);
  project.write("src/good.ts", GOOD.replace('{ city: "Oslo", fresh: false }', "{}"));
  expect(await typeErrors()).toEqual([]);

  project.write("src/bad.ts", `${IMPORTS}${BAD.map((line) => `void ${line};`).join("\n")}\n`);
  const head = IMPORTS.split("\n").length;
  const wrong = new Set((await typeErrors()).map((error) => error.split(" ")[0]));
  expect([...wrong].sort()).toEqual(BAD.map((_, i) => `src/bad.ts:${head + i}`).sort());
});
