/** The two forms side by side: a class and its function twin come out of the compiler as the same thing. */

import type { FlowEntry, Manifest, TaskEntry } from "@millrace/core";
import type { TestProject } from "@millrace/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { fixtureProject } from "./fixture-project.js";

const SHARED = `
export interface Place {
  /** City name as the weather service spells it. */
  city: string;
  station?: { id: string } | undefined;
}
/** How many days, and since when. */
export interface Span extends Place {
  /** From today. */
  days?: number;
  since?: Date;
}
export type Unit = { readonly unit?: "C" | "F" };
`;

const CLASSES = `
import { Flow, flow, param, Task, task } from "millrace";
import type { Place } from "./shared.js";

/** Asks for the forecast of a city. */
@task({ id: "Fetch", retry: { attempts: 3 }, timeout: "30s" })
export class Fetch extends Task<{ city: string; at: Date }> {
  /** City name as the weather service spells it. */
  @param() city!: string;
  @param() station?: { id: string } | undefined;
  /** From today. */
  @param() days = 7;
  @param() since = new Date(0);
  @param() unit: "C" | "F" = "C";
  async run(): Promise<{ city: string; at: Date }> {
    return { city: this.city, at: this.since };
  }
  override async onFailure(error: Error): Promise<void> {
    this.log.error(error.message);
  }
  override onDestroy(): void {}
}

/** Reports on some places. */
@flow({ id: "Report", version: "2" })
export class Report extends Flow<string[]> {
  @param() places!: Place[];
  @param() loud = false;
  async run(): Promise<string[]> {
    const { places, loud } = this;
    const fetched = await this.map(places, ({ city }) => this.call(Fetch, { city }));
    if (loud) await this.call(Fetch, { city: fetched[0]?.city ?? "" });
    return fetched.map(({ city }) => city);
  }
}
`;

const FUNCTIONS = `
import { defineFlow as define, defineTask } from "millrace";
import type { Place, Span, Unit } from "./shared.js";

/** Asks for the forecast of a city. */
export const Fetch = defineTask({
  id: "Fetch",
  options: { retry: { attempts: 3 }, timeout: "30s" },
  run: async ({ city, days = 7, since = new Date(0), unit = "C" }: Span & Unit): Promise<{ city: string; at: Date }> => {
    return { city, at: since };
  },
  hooks: {
    onFailure: async (error, _p, task) => task.log.error(error.message),
    onDestroy() {},
  },
});

/** Reports on some places. */
export const Report = define({
  id: "Report",
  options: { version: "2" },
  async run({ places, loud = false }: { places: Place[]; loud?: boolean }, flow): Promise<string[]> {
    const fetched = await flow.map(places, ({ city }) => flow.call(Fetch, { city }));
    if (loud) await flow.call(Fetch, { city: fetched[0]?.city ?? "" });
    return fetched.map(({ city }) => city);
  },
});
`;

let classes: Manifest;
let functions: Manifest;
let project: TestProject;

async function manifestOf(source: string): Promise<{ manifest: Manifest; project: TestProject }> {
  const built = await fixtureProject("weather", { "src/shared.ts": SHARED, "src/main.ts": source });
  built.write("package.json", '{ "name": "w", "type": "module", "millrace": { "include": ["src/*.ts"] } }');
  const { manifest, diagnostics } = await built.build();
  expect(diagnostics).toEqual([]);
  if (!manifest) throw new Error("no manifest");
  return { manifest, project: built };
}

beforeAll(async () => {
  const first = await manifestOf(CLASSES);
  first.project.remove();
  classes = first.manifest;
  ({ manifest: functions, project } = await manifestOf(FUNCTIONS));
});

afterAll(() => project.remove());

/** An entry without what names its place or its code. */
function shape(entry: TaskEntry | FlowEntry | undefined): object {
  const { span: _, fingerprint: __, ...rest } = entry as TaskEntry;
  const graph = entry?.kind === "flow" ? entry.graph : undefined;
  return {
    ...rest,
    ...(graph ? { graph: { ...graph, nodes: graph.nodes.map((node) => ({ ...node, span: undefined })) } } : {}),
  };
}

test("a task of either form has the same entry", () => {
  expect(shape(functions.tasks.Fetch)).toEqual(shape(classes.tasks.Fetch));
  expect(functions.tasks.Fetch?.hooks).toEqual(["onDestroy", "onFailure"]);
});

test("a flow of either form has the same entry and the same graph, sites included", () => {
  expect(shape(functions.flows.Report)).toEqual(shape(classes.flows.Report));
  expect(functions.flows.Report?.graph.nodes.length).toBeGreaterThan(3);
});

test("names point at the constant", () => {
  const { line, column, endColumn } = functions.flows.Report?.span ?? { line: 0, column: 0, endColumn: 0 };
  expect(
    project
      .read("src/main.ts")
      .split("\n")
      [line - 1]?.slice(column - 1, endColumn - 1),
  ).toBe("Report");
});

test("generated types name the flow and augment nothing", () => {
  const types = project.read(".flow/types.d.ts");
  expect(types).toContain('"Report": InstanceType<typeof import("../src/main.js").Report>;');
  expect(types).not.toContain("interface Fetch");
});

test("what a function reaches counts in its fingerprint", async () => {
  await using copy = await fixtureProject("weather", {
    "src/words.ts": 'export const word = "x";\n',
    "src/main.ts": `import { defineTask } from "millrace";
import { word } from "./words.js";
export const say = defineTask({ id: "Say", run: ({ name }: { name: string }) => word + name });
export const count = defineTask({ id: "Count", run: ({ n }: { n: number }) => n });
`,
  });
  const before = (await copy.check()).manifest?.tasks;
  copy.write("src/words.ts", 'export const word = "y";\n');
  const words = (await copy.check()).manifest?.tasks;
  expect(words?.Say?.fingerprint.hash).not.toBe(before?.Say?.fingerprint.hash);
  copy.write("src/main.ts", copy.read("src/main.ts").replace("{ n: number }", "{ n: number | bigint }"));
  const shapes = (await copy.check()).manifest?.tasks;
  expect(shapes?.Count?.fingerprint.hash).not.toBe(words?.Count?.fingerprint.hash);
});

test("a default export, a renamed one, and a run from another module are found", async () => {
  await using copy = await fixtureProject("weather", {
    "src/work.ts": `import type { FlowContext, TaskContext } from "millrace";
import { half } from "./main.js";
/** Not its place. */
export async function work(p: { n?: number }, flow: FlowContext): Promise<number> {
  return flow.call(half, { n: p.n ?? 0 });
}
export const halve = async ({ n = 1 }: { n?: number }, { info }: TaskContext): Promise<number> => n / info.attempt;
`,
    "src/main.ts": `import { defineFlow, defineTask } from "millrace";
import { halve, work as run } from "./work.js";
export default defineFlow({ id: "Work", run });
const inner = defineTask({ id: "Half", run: halve });
export { inner as half };
`,
  });
  const { manifest, diagnostics } = await copy.build();
  expect(diagnostics.filter(({ severity }) => severity !== "hint")).toEqual([]);
  expect(manifest?.flows.Work).toMatchObject({
    className: "main",
    exportName: "default",
    params: [{ name: "n", required: false, text: "number" }],
    result: { text: "number" },
  });
  expect(manifest?.flows.Work?.graph.nodes).toMatchObject([{ kind: "call", task: "Half", site: "work#half@return" }]);
  expect(manifest?.tasks.Half).toMatchObject({
    className: "inner",
    exportName: "half",
    params: [{ name: "n", required: false, default: { value: 1 } }],
  });
});
