/** Values that the types let through are checked where they cross a boundary: all errors at once, nothing has run. */
import { type Engine, inlineExecutor, memoryStore, openEngine } from "@millrace/runtime";
import type { TestProject } from "@millrace/testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { oneModule } from "../compiler/one-module.js";

const SOURCE = `
import { defineTask, Flow, flow, param, Task, task } from "millrace";
interface Stop { city: string; nights: number; at?: Date }
@task({ retry: { attempts: 3 } })
export class Plan extends Task<number> {
  @param() stops!: Stop[];
  /** @minimum 1 */
  @param() people = 2;
  @param() note!: string | undefined;
  run() { return this.stops.length * this.people }
}
export const Pack = defineTask({ id: "Pack", run: ({ bags }: { bags: number }) => bags });
@flow()
export class Inner extends Flow<number> {
  @param() n!: number;
  async run() { return this.n }
}
@flow()
export class Trip extends Flow<unknown> {
  @param() raw!: string;
  @param() target: "Plan" | "Pack" | "Inner" = "Plan";
  async run() {
    const loose: any = JSON.parse(this.raw);
    try {
      if (this.target === "Plan") return await this.call(Plan, loose);
      if (this.target === "Pack") return await this.call(Pack, loose);
      return await this.call(Inner, loose);
    } catch (error) {
      return { code: (error as any).code, message: (error as Error).message, issues: (error as any).data.issues };
    }
  }
}
`;

let project: TestProject;
let engine: Engine;

beforeAll(async () => {
  project = await oneModule(SOURCE);
  const { diagnostics } = await project.build();
  expect(diagnostics.filter(({ severity }) => severity === "error")).toEqual([]);
  engine = await openEngine({ cwd: project.root, executor: inlineExecutor(), store: memoryStore(), observers: [] });
});
afterAll(async () => {
  await engine?.close();
  project?.remove();
});

const trip = async (params: unknown, target = "Plan") => {
  const run = engine.start("Trip", { raw: JSON.stringify(params), target });
  return { result: await run.result(), steps: run.totals.total };
};

describe("a call", () => {
  test("with what fits runs", async () => {
    expect(await trip({ stops: [{ city: "Oslo", nights: 1 }], people: 3, note: "" })).toEqual({ result: 3, steps: 1 });
  });

  test("with what came through `any` is refused before its step, with every path, type and value", async () => {
    const bad = { stops: [{ city: 7, nights: "1" }, { city: "Oslo" }], people: 0, extra: true, note: "" };
    expect(await trip(bad)).toEqual({
      steps: 0,
      result: {
        code: "invalid-parameters",
        message: [
          "The parameters of Plan cannot be used:",
          '  "extra" is no known property; known are "stops", "people", "note".',
          '  "stops[0].city" must be string, but it is 7.',
          '  "stops[0].nights" must be number, but it is "1".',
          '  "stops[1].nights" is missing; it must be number.',
          '  "people" must be >= 1, but it is 0.',
        ].join("\n"),
        issues: expect.arrayContaining([
          expect.objectContaining({ path: "stops[0].city", problem: "mistyped", expected: "string", actual: "7" }),
          expect.objectContaining({ path: "people", problem: "invalid", expected: "number", actual: "0" }),
        ]),
      },
    });
  });

  test("of a function or a flow likewise", async () => {
    expect(await trip({ bags: "2" }, "Pack")).toMatchObject({
      steps: 0,
      result: { message: expect.stringContaining('"bags" must be number, but it is "2".') },
    });
    expect(await trip({}, "Inner")).toMatchObject({
      steps: 0,
      result: { message: expect.stringContaining('"n" is missing; it must be number.') },
    });
    expect(await trip({ n: 4 }, "Inner")).toEqual({ result: 4, steps: 1 });
  });
});

test("a start is refused likewise, and by the type of a literal", () => {
  expect(() => engine.start("Trip", { raw: 1, target: "Plans" })).toThrow(
    expect.objectContaining({
      code: "invalid-parameters",
      message: expect.stringMatching(
        /"raw" must be string, but it is 1\.\n.*"target" must be "Inner" \| "Pack" \| "Plan"/,
      ),
    }),
  );
});
