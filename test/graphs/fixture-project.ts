/** The fixtures of `test/fixtures/graphs`, opened once as one project. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { nothingKept } from "../../packages/compiler/src/compile-project.js";
import { analyseFlows, type FlowsResult } from "../../packages/compiler/src/flows/analyse-flows.js";
import { locateProject } from "../../packages/compiler/src/project/locate-project.js";
import type { ProjectModel } from "../../packages/compiler/src/project/model.js";
import { openProject } from "../../packages/compiler/src/project/open-project.js";

/** Folder of the fixtures. */
export const FIXTURES: string = new URL("../fixtures/graphs", import.meta.url).pathname;

/** Opens a project folder and analyses its flows. */
export function analyse(folder: string): { readonly model: ProjectModel; readonly result: FlowsResult } {
  const { model } = openProject(locateProject(folder), nothingKept());
  return { model, result: analyseFlows(model) };
}

/** Names of the fixtures that say what they expect. */
export function fixtureNames(): readonly string[] {
  return readdirSync(join(FIXTURES, "src"))
    .filter((name) => name.endsWith(".graph"))
    .map((name) => name.replace(/\.graph$/, ""))
    .sort();
}

/** What a fixture expects. */
export function expectation(name: string): string {
  return readFileSync(join(FIXTURES, "src", `${name}.graph`), "utf8");
}
