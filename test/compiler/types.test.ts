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
async function typeErrors(of: TestProject): Promise<readonly string[]> {
  const { stdout } = await of.node([TSC, "-p", ".", "--pretty", "false"]).done;
  return stdout.split("\n").flatMap((line) => {
    const match = /^([^(]+)\((\d+),\d+\): error (TS\d+)/.exec(line);
    return match ? [`${match[1]}:${match[2]} ${match[3]}`] : [];
  });
}

test("before the first build everything compiles loosely", async () => {
  const loose = BAD.filter((line) => !/dayz|citys|: 1 \}\)|"Oslo" \}\)$|id: 1|a: 2|\[1\]/.test(line));
  expect(loose.length).toBeGreaterThan(4);
  project.write("src/loose.ts", `${IMPORTS}${loose.map((line) => `void ${line};`).join("\n")}\n`);
  expect(await typeErrors(project)).toEqual([]);
});

test("after a build the good file compiles and every bad line is an error", async () => {
  project.write("src/loose.ts", "export {};\n");
  expect((await project.build()).diagnostics).toEqual([]);
  project.write("src/good.ts", GOOD);
  expect(await typeErrors(project)).toEqual([]);

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
  expect(await typeErrors(project)).toEqual([]);

  project.write("src/bad.ts", `${IMPORTS}${BAD.map((line) => `void ${line};`).join("\n")}\n`);
  const head = IMPORTS.split("\n").length;
  const wrong = new Set((await typeErrors(project)).map((error) => error.split(" ")[0]));
  expect([...wrong].sort()).toEqual(BAD.map((_, i) => `src/bad.ts:${head + i}`).sort());
});

/** Definitions, calls among both forms, hooks on either side of `run`, helpers. */
const FUNCTIONS = `
import { defineFlow, defineTask, type Flow, type FlowContext, type TaskContext } from "millrace";
import type { Forecast } from "./forecast.js";
import { FetchForecast } from "./tasks/fetch-forecast.js";
import Render from "./tasks/render.js";

export const fetchOne = defineTask({
  id: "FetchOne",
  options: { retry: { attempts: 3 } },
  hooks: { onFailure: (error, _p, task) => task.log.error(error.message) },
  run: async ({ city, days = 7 }: { city: string; days?: number }, { log }): Promise<Forecast> => {
    log.info("%s", city);
    return { city, highs: [days], at: new Date(0) };
  },
});

export const fetchAll = defineFlow({
  id: "FetchAll",
  options: { version: "2" },
  run: async ({ cities }: { cities: string[] }, flow) => {
    const first: Forecast = await flow.call(FetchForecast, { city: "Oslo" });
    const rest = await flow.map(cities, (city) => flow.call(fetchOne, { city }), { concurrency: 4 });
    const forecasts: readonly Forecast[] = [first, ...rest];
    return page(flow, forecasts);
  },
});

async function page(flow: Flow, forecasts: readonly Forecast[]): Promise<string> {
  return flow.call(Render, { forecasts });
}

export async function logged(flow: FlowContext): Promise<string> {
  flow.log.info("%s %s", flow.info.flow, flow.signal.aborted);
  return page(flow, []);
}

export const nothing = defineTask({ id: "Nothing", run: () => 1 });

function half(p: { n: number }, { info }: TaskContext): number {
  return p.n / info.attempt;
}
export const named = defineTask({
  id: "Named",
  run: half,
  hooks: {
    onCreate: (p) => console.log(p.n.toFixed()),
    onDestroy: (p: { n: number }) => console.log(p.n),
  },
});
`;

const GOOD_CALLS = `
import { Flow, flow } from "millrace";
import type { Engine } from "millrace/engine";
import type { Forecast } from "./forecast.js";
import { fetchAll, fetchOne, named, nothing } from "./functions.js";

@flow()
export class Mixed extends Flow<number> {
  async run(): Promise<number> {
    const forecast: Forecast = await this.call(fetchOne, { city: "Oslo", days: 2 }, { timeout: "1s" });
    const text: string = await this.call(fetchAll, { cities: [forecast.city] });
    const one: number = (await this.call(nothing)) + (await this.call(nothing, {}));
    return text.length + one + (await this.call(named, { n: 1 }));
  }
}

export async function start(engine: Engine): Promise<string> {
  return engine.start(fetchAll, { cities: ["Oslo"] }, { id: "one" }).result();
}
`;

const BAD_CALLS: readonly string[] = [
  "flow.call(fetchOne, {})",
  "flow.call(fetchOne)",
  "flow.call(fetchOne, { city: 1 })",
  'flow.call(fetchOne, { city: "Oslo", days: "2" })',
  'flow.call(fetchOne, { city: "Oslo", dayz: 1 })',
  "flow.call(nothing, { city: 1 })",
  "flow.call(named, {})",
  'flow.call(fetchOne, { city: "Oslo" }).then((forecast) => forecast.lows)',
  "engine.start(fetchAll, {})",
  "engine.start(fetchAll)",
  'engine.start(fetchAll, { cities: "Oslo" })',
  "engine.start(fetchAll, { cities: [], citys: [] })",
  "engine.start(fetchAll, { cities: [] }).result().then((text) => text.nothing)",
  "engine.start(fetchOne, { city: 1 })",
  "defineTask({ run: () => 1 })",
  'defineTask({ id: "x" })',
  'defineTask({ id: "x", timeout: "1s", run: () => 1 })',
  'defineTask({ id: "x", options: { retries: 1 }, run: () => 1 })',
  'defineTask({ id: "x", hooks: { onSucces: () => {} }, run: () => 1 })',
  'defineTask({ id: "x", run: (p: { n: number }) => p.n, hooks: { onCreate: (p) => p.m } })',
  'defineTask({ id: "x", run: (p: { n: number }, task) => p.n, hooks: { onCreate: (p: { m: number }) => p.m } })',
  'defineTask({ id: "x", hooks: { onCreate: (p: { m: number }) => void p.m }, run: (p: { n: number }) => p.n })',
  'defineTask({ id: "x", run: (p: string) => p })',
  'defineTask({ id: "x", run: (p: { n: number }, task) => task.call(fetchOne, { city: "Oslo" }) })',
  'defineFlow({ id: "x", options: { timeout: "1s" }, run: () => 1 })',
  'defineFlow({ id: "x", run: (p: { n: number }, flow) => flow.progress(1) })',
];

const BAD_NAMES: readonly string[] = [
  'engine.start("FetchAll", {})',
  'engine.start("FetchAll", { cities: "Oslo" })',
  'engine.start("FetchAll", { cities: [] }).result().then((text) => text.nothing)',
];

const CALL_IMPORTS = `
import type { Engine } from "millrace/engine";
import { defineFlow, defineTask, type Flow } from "millrace";
import { fetchAll, fetchOne, named, nothing } from "./functions.js";
declare const flow: Flow;
declare const engine: Engine;
`;

test("functions have exact types without a build, and names with one", async () => {
  await using functions = await fixtureProject("weather", {
    "src/functions.ts": FUNCTIONS,
    "src/calls.ts": GOOD_CALLS,
  });
  const head = CALL_IMPORTS.split("\n").length;
  const all = [...BAD_CALLS, ...BAD_NAMES];
  const file = `${CALL_IMPORTS}${all.map((line) => `void ${line};`).join("\n")}\n`;
  const wrongLines = async (): Promise<readonly string[]> => {
    functions.write("src/bad.ts", file);
    const wrong = new Set((await typeErrors(functions)).map((error) => error.split(" ")[0] ?? ""));
    functions.write("src/bad.ts", "export {};\n");
    return [...wrong].sort();
  };
  const linesOf = (bad: readonly string[]): readonly string[] =>
    bad.map((line) => `src/bad.ts:${head + all.indexOf(line)}`).sort();

  expect(await typeErrors(functions)).toEqual([]);
  // Nobody knows the name yet: its parameters are any object, its result is unknown.
  const unknownResult = BAD_NAMES.filter((line) => line.includes("result()"));
  expect(await wrongLines()).toEqual(linesOf([...BAD_CALLS, ...unknownResult]));

  expect((await functions.build()).diagnostics).toEqual([]);
  expect(await typeErrors(functions)).toEqual([]);
  expect(await wrongLines()).toEqual(linesOf(all));
  functions.write(
    "src/named.ts",
    `${CALL_IMPORTS}
export const text: Promise<string> = engine.start("FetchAll", { cities: ["Oslo"] }).result();
void [flow, fetchAll, fetchOne, named, nothing, defineFlow, defineTask];
`,
  );
  expect(await typeErrors(functions)).toEqual([]);
});
